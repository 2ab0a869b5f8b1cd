// The demonstration from its first to its last moment: server, editor and colleague, and nothing left afterwards.
import { Colleague } from '../colleague';
import { startNephele } from '../servers/nephele';
import { type Habit, follow, habits } from './annLee';
import { documents } from './documents';
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
    server.seed(documents);
    const folder = server.url.replace(/^http/, 'dav');
    say(`A lock server (${server.name}) serves example files at ${server.url}`);
    const editor = await unlessStopped(session.openEditor(folder), stop);
    if (editor === undefined) return;
    try {
      const { user, password } = server.user('alice');
      say(
        `${editor.howToSee}\n\n  The folder is ${folder}\n  User name:  ${user}\n  Password:   ${password}\n`,
      );
      say('Your colleague Ann Lee works on the same files. Ctrl+C ends it all.');
      const account = server.user('bob');
      // One of her for each file: she works on several at once.
      const following = (session.habits ?? habits).map((listingSupport) =>
        follow(listingSupport, new Colleague(server.url, account), say, stop),
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

/** What was begun goes on in the background and ends with the process. */
async function unlessStopped<T>(begun: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined);
    else stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([begun, stopped]);
}
