import assert from 'node:assert/strict';
import { resourceId, type ResourceId } from '../../../../src/core/model/resource';
import { isConfiguration } from '../../../../src/editor/trust/configurationFiles';
import { SeenConfiguration } from '../../../../src/editor/trust/seenConfiguration';

const at = (path: string): ResourceId => resourceId(`https://host/${path}`);

describe('Configuration files', () => {
  it('are what the editor and its agents read by themselves, at any depth and in any case', () => {
    const paths = [
      '.vscode',
      '.vscode/settings.json',
      'a/b/.vscode/tasks.json',
      '.VSCODE/Settings.json',
      '.v%C5%BFcode/settings.json',
      'team.code-workspace',
      '.code-workspace',
      '.devcontainer/devcontainer.json',
      '.devcontainer.json',
      'AGENTS.md',
      'docs/agents.md',
      'CLAUDE.md',
      '.claude/settings.json',
      '.agents/skills/x/SKILL.md',
      '.github/copilot-instructions.md',
      '.github/instructions/a.md',
      '.github/prompts/a.prompt.md',
      '.github/hooks/a.json',
      '.github/agents/reviewer.md',
      'x.instructions.md',
      'x.prompt.md',
      'x.chatmode.md',
      '.cursor/mcp.json',
      '.cursorrules',
      'mcp.json',
      '.mcp.json',
      '.windsurf/rules/a.md',
      'GEMINI.md',
    ];
    assert.deepEqual(
      paths.filter((path) => !isConfiguration(at(path))),
      [],
    );
  });

  it('are nothing else', () => {
    const paths = [
      '',
      'settings.json',
      'vscode/settings.json',
      '.github',
      '.github/workflows/ci.yml',
      'prompts/a.md',
      'instructions.md',
      'my-agents.md',
      'readme.md',
      'agents/a.md',
      'code-workspace',
    ];
    assert.deepEqual(
      paths.filter((path) => isConfiguration(at(path))),
      [],
    );
  });
});

describe('The configuration files seen', () => {
  it('are those of the newest listing of each folder, and are told of only when they change', () => {
    const seen = new SeenConfiguration();
    let told = 0;
    seen.onDidChange(() => (told += 1));
    const entry = { resource: at('a/AGENTS.md'), isFolder: false };
    seen.setListed(at('a'), [entry]);
    seen.setListed(at('a'), [{ ...entry }]);
    seen.setListed(at('b'), []);
    assert.equal(told, 1);
    assert.deepEqual(seen.listedOn('https://host' as never), [entry]);
    assert.deepEqual(seen.listedOn('https://other' as never), []);
    seen.noteAsked(at('.vscode/settings.json'));
    assert.deepEqual(seen.seenOn('https://host' as never), [entry.resource, at('.vscode/settings.json')]);
    seen.forget(at('a'));
    assert.deepEqual([told, seen.servers()], [2, []]);
  });
});
