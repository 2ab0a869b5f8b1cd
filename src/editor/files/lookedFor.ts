import { segmentsOf, type ResourceId } from '../../core/model/resource';
import { isConfiguration } from '../trust/configurationFiles';

/** Where other editors keep their settings in a home directory; VS Code offers to take these over. In lower case. */
const ofOtherEditors = new Set([
  '.config/nvim/init.lua',
  '.config/nvim/init.vim',
  '.local/share/jetbrains/toolbox',
  '.vimrc',
  'eclipse/eclipse',
]);

/** Whether VS Code looks for this when it opens a folder, without anybody having asked for it. */
export function isLookedFor(resource: ResourceId): boolean {
  return isConfiguration(resource) || isInHome(resource);
}

/** In the browser, VS Code takes the root of the server for the person's home directory. */
function isInHome(resource: ResourceId): boolean {
  return ofOtherEditors.has(segmentsOf(resource).join('/').toLowerCase());
}
