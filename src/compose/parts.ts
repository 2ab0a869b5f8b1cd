import type { ExtensionContext } from 'vscode';
import type { Disposables } from '../base/disposable';
import type { Core } from '../core/createCore';
import type { Connections } from '../editor/connection/connections';
import type { Reachability } from '../editor/connection/reachability';
import type { CurrentSettings } from '../editor/connection/settings';
import type { Documents } from '../editor/files/documents';
import type { OpenFiles } from '../editor/files/openFiles';
import type { Log } from '../editor/log';
import type { openStorage } from './storage';
import type { restrictServers } from './trust';

/** What the parts that show something are made from. */
export interface EditorParts {
  readonly owned: Disposables;
  readonly context: ExtensionContext;
  readonly core: Core;
  readonly connections: Connections;
  readonly documents: Documents;
  readonly log: Log;
  readonly openFiles: OpenFiles;
  readonly reachability: Reachability;
  readonly settings: CurrentSettings;
  readonly storage: ReturnType<typeof openStorage>;
  readonly trust: ReturnType<typeof restrictServers>;
}
