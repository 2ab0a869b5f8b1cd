import { commands, l10n } from 'vscode';
import type { RemoteFailure } from '../../core/model/failure';
import { failureSentence } from '../words/failureWords';
import { showError, showWarning } from './prompts';

/** Says what a server or the network refused, with the way to the log, which has the details of the request. */
export function showFailure(failure: RemoteFailure, sentence = failureSentence(failure)): void {
  void offerLog(showError, sentence);
}

/** For a warning that mentions the log. */
export function warnWithLog(sentence: string): void {
  void offerLog(showWarning, sentence);
}

async function offerLog(show: typeof showError, sentence: string): Promise<void> {
  const log = l10n.t('Show Log');
  if ((await show(sentence, log)) === log) await commands.executeCommand('lockStatus.showLog');
}
