import { breakLock } from './locks/breakLock';
import { contactHolder } from './locks/contact';
import { connect } from './servers/connect';
import { openRemoteFolder } from './servers/openRemoteFolder';
import { signIn, signOut } from './servers/signIn';
import { compare, discardMine, overwrite } from './content/compare';
import { merge } from './content/merge';
import { copyReport } from './locks/copyReport';
import { explain } from './locks/explain';
import { findInFiles } from './search/findInFiles';
import { goToFile } from './search/goToFile';
import { lock, refresh, release, releaseAll } from './locks/lock';
import { recover } from './content/recover';
import type { Command, CommandContext } from './commandContext';
import { manageServers, trustServer } from './servers/servers';
import { showActions } from './locks/actions';
import { stopWaiting, wait } from './locks/wait';

/** All commands of the extension. */
export const commandTable: Readonly<Record<string, Command<keyof CommandContext>>> = {
  'lockStatus.openRemoteFolder': openRemoteFolder,
  'lockStatus.connect': connect,
  'lockStatus.manageServers': manageServers,
  'lockStatus.trustServer': trustServer,
  'lockStatus.signIn': signIn,
  'lockStatus.signOut': signOut,
  'lockStatus.lock': lock,
  'lockStatus.release': release,
  'lockStatus.releaseAll': releaseAll,
  'lockStatus.refresh': refresh,
  'lockStatus.wait': wait,
  'lockStatus.stopWaiting': stopWaiting,
  'lockStatus.contactHolder': contactHolder,
  'lockStatus.explain': explain,
  'lockStatus.breakLock': breakLock,
  'lockStatus.compare': compare,
  'lockStatus.merge': merge,
  'lockStatus.overwrite': overwrite,
  'lockStatus.discardMine': discardMine,
  'lockStatus.recover': recover,
  'lockStatus.goToFile': goToFile,
  'lockStatus.findInFiles': findInFiles,
  'lockStatus.showActions': showActions,
  'lockStatus.copyReport': copyReport,
  'lockStatus.showLog': ({ log }) => log.show(),
};
