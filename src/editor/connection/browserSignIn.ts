import { env, l10n, ProgressLocation, window, type CancellationToken, type Uri } from 'vscode';
import type { BrowserSignIn, BrowserSignIns } from '../../core/model/browserSignIn';
import { isFailure } from '../../core/model/failure';
import type { ResourceId } from '../../core/model/resource';
import { systemClock } from '../clock';
import { choose, showError } from '../messages/prompts';
import { failureSentence } from '../words/failureWords';
import { originOf } from '../words/signInWords';
import type { Credentials } from './secrets';

const pollMs = 2_000;
/** The server forgets the sign-in after this. */
const longestMs = 20 * 60_000;

/** How the person wants to sign in; undefined if they turn away. */
export async function chooseSignIn(folder: ResourceId): Promise<'browser' | 'password' | undefined> {
  const chosen = await choose(l10n.t('Sign In to {0}', originOf(folder)), [
    {
      label: l10n.t('Sign In with Browser'),
      description: l10n.t('Creates a password for VS Code alone, which you can revoke on the server'),
      how: 'browser' as const,
    },
    { label: l10n.t('Enter User Name and Password'), how: 'password' as const },
  ]);
  return chosen?.how;
}

/**
 * Opens the sign-in in the browser and waits for its outcome. `failed`: the person knows why; undefined: they
 * turned away.
 */
export async function signInWithBrowser(
  signIns: BrowserSignIns,
  folder: ResourceId,
): Promise<Credentials | 'failed' | undefined> {
  let begun: BrowserSignIn | undefined;
  try {
    begun = await signIns.start(folder);
    // As a string: a parsed Uri would be encoded anew.
    if (!(await env.openExternal(begun.url as unknown as Uri))) return undefined;
    return await waitFor(begun, folder);
  } catch (error) {
    if (!isFailure(error)) throw error;
    void showError(
      isFailure(error, 'unsupported')
        ? l10n.t(
            '{0} doesn’t support signing in with the browser. Use your user name and password.',
            originOf(folder),
          )
        : failureSentence(error),
    );
    return 'failed';
  } finally {
    await begun?.close();
  }
}

async function waitFor(begun: BrowserSignIn, folder: ResourceId): Promise<Credentials | undefined> {
  const title = l10n.t('Waiting for you to sign in to {0} in the browser…', originOf(folder));
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (_, cancellation) => {
      const until = systemClock.now().mono + longestMs;
      while (!cancellation.isCancellationRequested && systemClock.now().mono < until) {
        const granted = await begun.poll();
        if (granted) return granted;
        await pause(cancellation);
      }
      return undefined;
    },
  );
}

function pause(cancellation: CancellationToken): Promise<void> {
  return new Promise((resolve) => {
    const timer = systemClock.after(pollMs, () => end());
    const canceled = cancellation.onCancellationRequested(() => end());
    const end = () => {
      timer.dispose();
      canceled.dispose();
      resolve();
    };
  });
}
