// The demonstration from its first to its last moment: server, editor and colleague, and nothing left afterwards.
import { Colleague } from '../colleague';
import { startNephele } from '../servers/nephele';
import type { Account } from '../servers/server';
import { type Habit, follow, habits } from './annLee';
import { serveDocuments } from './documents';
import type { Editor } from './editor';

export interface Session {
  /** Opens the folder in an editor. */
  readonly openEditor: (folder: string) => Promise<Editor>;
  readonly say: (sentence: string) => void;
  /** Ends the demonstration. */
  readonly stop: AbortSignal;
  readonly habits?: readonly Habit[];
}

export async function demonstrate(session: Session): Promise<void> {
  const { say, stop } = session;
  const server = await startNephele({ minLockTimeout: 1000, realm: 'Harbour Street Bakery' });
  try {
    const address = serveDocuments(server);
    const folder = address.replace(/^http/, 'dav');
    say(`A lock server (${server.name}) serves example files at ${address}/`);
    const editor = await unlessStopped(session.openEditor(folder), stop);
    if (editor === undefined) return;
    try {
      say(invitation(editor.howToSee, server.user('alice')));
      const account = server.user('bob');
      // One of her for each file: she works on several at once.
      const following = (session.habits ?? habits).map((listingSupport) =>
        follow(listingSupport, new Colleague(`${address}/`, account), say, stop),
      );
      await Promise.all(following);
      if (!stop.aborted)
        await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
    } finally {
      await editor.stop();
    }
  } finally {
    await server.stop();
  }
}

function invitation(howToSee: string, { user, password }: Account): string {
  return `
${howToSee}
Choose Sign In, and enter the user name ${user} and the password ${password}
Whether to trust the server can be answered later, or never: it makes no difference here.

Try this:
  1. Open report.md, type, and press Ctrl+S. Your colleague Ann Lee has locked it, so the save is refused.
  2. Choose Save When Free and go on typing. When she releases the lock, your text is saved.
     Every second time she has changed the file: then compare and merge.
  3. She keeps prices.csv for hours: point at its badge, and choose Explain in the message of a refused save.

Below is what she does. Ctrl+C ends everything.
`;
}

/** What was begun goes on in the background and ends with the process. */
async function unlessStopped<T>(begun: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined);
    else stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([begun, stopped]);
}
