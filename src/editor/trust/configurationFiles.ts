import { segmentsOf, type ResourceId } from '../../core/model/resource';

// What VS Code and its agents read from a folder by themselves, and what then decides which programs run or what an
// agent does. At any depth, because any folder can be opened as a workspace; in any case, because servers may not tell
// the cases apart.

/** Folders whose whole content is configuration. */
const folders = new Set([
  '.vscode',
  '.devcontainer',
  '.agents',
  '.claude',
  '.claude-plugin',
  '.codex',
  '.copilot',
  '.cursor',
  '.gemini',
  '.plugin',
  '.windsurf',
]);

const files = new Set([
  '.devcontainer.json',
  'agents.md',
  'agents.local.md',
  'agents.override.md',
  'claude.md',
  'claude.local.md',
  'gemini.md',
  'copilot-instructions.md',
  'mcp.json',
  '.mcp.json',
  '.clinerules',
  '.cursorrules',
  '.windsurfrules',
]);

const endings = [
  '.code-workspace',
  '.instructions.md',
  '.prompt.md',
  '.chatmode.md',
  '.agent.md',
  '.toolsets.jsonc',
];

/** In `.github`, where the rest only serves the site of that name. */
const ofGithub = new Set([
  'agents',
  'chatmodes',
  'copilot',
  'hooks',
  'instructions',
  'plugin',
  'prompts',
  'skills',
]);

/** Whether the editor would take the file as configuration, or the folder as one of configuration files. */
export function isConfiguration(resource: ResourceId): boolean {
  // A server may take `.vſcode` for the same folder as `.vscode`.
  const path = segmentsOf(resource).map((name) => name.normalize('NFKC').toLowerCase());
  const name = path.at(-1) ?? '';
  return (
    path.some(
      (segment, at) => folders.has(segment) || (path[at - 1] === '.github' && ofGithub.has(segment)),
    ) ||
    files.has(name) ||
    endings.some((ending) => name.endsWith(ending))
  );
}
