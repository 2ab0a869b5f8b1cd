// `npm run pictures`: looks at every surface in every theme (pictures in .test-output/), and renews the pictures of the
// README. `npm run pictures -- dark` looks at one theme.
import { editions } from './hosts/editions';
import { openWindows, type Theme } from './hosts/personWindow';
import { closePlaces } from './hosts/places';
import { windowVariables } from './hosts/windowUnderTest';
import { takePicture } from './pictures/picture';
import { play } from './pictures/story';
import { discard, scratchFolder } from './servers/scratch';
import { packageExtension } from './start/extension';

const themes: readonly Theme[] = ['light', 'dark', 'highContrast', 'highContrastLight'];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Leaving this way ends what we have started.
  process.on(signal, () => process.exit(1));
}

async function main(wanted: readonly string[]): Promise<void> {
  const scratch = scratchFolder('pictures');
  try {
    process.env[windowVariables.vscode] = editions[1].vscode;
    process.env[windowVariables.vsix] = await packageExtension(scratch);
    for (const theme of themes.filter((one) => wanted.length === 0 || wanted.includes(one)))
      await play(theme, async (name, window, shot) => {
        console.log(await window.screenshot(`surface-${theme}-${name}`));
        if (shot && theme === 'light') await takePicture(window.page, `media/readme/${name}.png`, shot);
      });
  } catch (error) {
    for (const window of openWindows)
      console.error(`The window: ${await window.screenshot('failed-pictures')}`);
    throw error;
  } finally {
    await closePlaces();
    discard(scratch);
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
