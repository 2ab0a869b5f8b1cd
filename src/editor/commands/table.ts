import { breakLock } from './breakLock';
import { contactHolder } from './contact';
import { connect } from './connect';
import { openRemoteFolder } from './openRemoteFolder';
import { signIn, signOut } from './signIn';
import { compare, discardMine, overwrite } from './compare';
import { merge } from './merge';
import { copyReport } from './copyReport';
import { explain } from './explain';
import { findInFiles } from './findInFiles';
import { goToFile } from './goToFile';
import { lock, refresh, release, releaseAll } from './lock';
import { recover } from './recover';
import type { Command, CommandContext } from './commandContext';
import { manageServers, trustServer } from './servers';
import { showActions } from './actions';
import { stopWaiting, wait } from './wait';

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
