import assert from 'node:assert/strict';
import { isShowable } from '../../../../src/core/model/memberName';
import { childOf, resourceId, resolveHref } from '../../../../src/core/model/resource';

const folder = resourceId('https://host/folder');
const shown = (names: readonly string[], platform: string) =>
  names.filter((name) => isShowable(childOf(folder, name), platform));

describe('Names that may reach the editor', () => {
  it('have no separator of another system, no control character and no link, on any system', () => {
    const bad = [
      '..\\..\\evil.exe',
      'a\\b',
      'a/b',
      'a\u0000b',
      'a\u0085b',
      '[Save it again](command:workbench.action.quit) notes.txt',
      '[x](https://host)',
      'x](FILE:y',
    ];
    for (const platform of ['linux', 'darwin', 'win32']) assert.deepEqual(shown(bad, platform), []);
    const good = ['[id].ts', 'a](b', 'ä.md', '日本.txt', 'x (1).txt', '100%.txt', '..a', '.b'];
    for (const platform of ['linux', 'darwin', 'win32']) assert.deepEqual(shown(good, platform), good);
  });

  it('name no drive, stream or device of Windows, and end as it wants, on Windows only', () => {
    const bad = ['C:evil', 'a:b', 'con', 'NUL', 'nul.txt', 'Aux .md', 'COM1', 'lpt9.x', 'com¹', 'a.', 'a '];
    assert.deepEqual(shown(bad, 'win32'), []);
    assert.deepEqual(shown(bad, 'linux'), bad);
    const good = ['console.log', 'com', 'com10', 'nulls', 'a.b', ' a'];
    assert.deepEqual(shown(good, 'win32'), good);
  });

  it('are checked on the whole path, and however they are encoded in an address', () => {
    const below = resourceId('https://host/[x](command:y)/a/b.txt');
    assert.equal(isShowable(below, 'linux'), false);
    for (const href of [
      '/folder/..%5C..%5Cevil.exe',
      '/folder/%5Bx%5D%28command%3Ay%29',
      '/folder/x%5d(command:y)',
    ]) {
      const member = resolveHref(folder, href);
      assert.ok(member);
      assert.equal(isShowable(member, 'linux'), false, href);
    }
  });
});
