import { accounts, type LockServer } from '../servers/server';
import type { PersonWindow } from './personWindow';
import { folderOf, openWindow, type TestWindowOptions } from './windowUnderTest';

/** A window with the server's folder open and alice signed in, as she would: she is offered it, accepts and answers. */
export async function openSignedIn(
  server: Pick<LockServer, 'url'>,
  options: Omit<TestWindowOptions, 'folder'> = {},
): Promise<PersonWindow> {
  const window = await openWindow({ ...options, folder: folderOf(server.url) });
  await acceptOffer(window);
  await answerSignIn(window);
  await window.until({
    what: 'rows in the explorer',
    read: () => window.explorerRows(),
    accept: (rows) => rows.length > 0,
  });
  return window;
}

/** Nobody is interrupted by a question: the sign-in is offered in a message. */
export async function acceptOffer(window: PersonWindow): Promise<void> {
  await window.toast(/^Sign in to http/);
  await window.clickButton('Sign In…');
}

export async function answerSignIn(window: PersonWindow, { user, password } = accounts.alice): Promise<void> {
  await window.answerInput(user);
  await window.answerInput(password);
}
