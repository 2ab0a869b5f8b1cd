// What a person meets, from the address to the conflict: one look at every surface, in one theme.
import { Colleague } from '../colleague';
import type { PersonWindow, Theme } from '../hosts/personWindow';
import { openSignedIn } from '../hosts/signedIn';
import { openWindow } from '../hosts/windowUnderTest';
import { startNephele } from '../servers/nephele';
import { serveDocuments } from '../start/documents';
import { type Look, Scene } from './scene';

const owner = 'Ann Lee <mailto:ann.lee@example.com>';

const themeNames: Readonly<Record<Theme, string>> = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  highContrast: 'Default High Contrast',
  highContrastLight: 'Default High Contrast Light',
};

export async function play(theme: Theme, look: Look): Promise<void> {
  await nothingOpen(theme, look);
  const server = await startNephele({ realm: 'Harbour Street Bakery' });
  const url = serveDocuments(server);
  const ann = new Colleague(`${url}/`, server.user('bob'));
  let window: PersonWindow | undefined;
  try {
    for (const file of ['report.md', 'prices.csv']) await ann.lock(file, { owner, timeout: 'Second-3600' });
    window = await openSignedIn({ url }, { settings: settingsOf(theme, url) });
    const scene = new Scene(window, look, ann);
    await scene.open();
    await scene.holder();
    await scene.blocked();
    await scene.ask();
    await scene.explain();
    await scene.wait();
    await scene.conflict();
    await scene.product();
  } finally {
    await window?.close();
    await server.stop();
  }
}

async function nothingOpen(theme: Theme, look: Look): Promise<void> {
  const window = await openWindow({ settings: { 'workbench.colorTheme': themeNames[theme] } });
  try {
    await window.runCommand('View: Show Explorer');
    await window.openView('Locks');
    await look('empty', window);
  } finally {
    await window.close();
  }
}

function settingsOf(theme: Theme, url: string): Readonly<Record<string, unknown>> {
  return {
    'workbench.colorTheme': themeNames[theme],
    'lockStatus.connections': [{ name: 'Bakery', url, trusted: true }],
    'lockStatus.refreshInterval': 2,
    // What is not ours takes no room.
    'breadcrumbs.enabled': false,
    'editor.minimap.enabled': false,
    'workbench.layoutControl.enabled': false,
  };
}
