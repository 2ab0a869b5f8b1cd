import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  ownerText,
  ownerTextLimit,
  parseOwnerText,
  type OwnerText,
} from '../../../../src/core/model/ownerText';

const full: OwnerText = {
  name: 'Ann Lee',
  contacts: ['mailto:ann@example.org'],
  app: 'VS Code',
  host: 'LAPTOP-7',
  account: 'alice',
  mark: '3fz81c',
};

describe('our owner text', () => {
  it('is a line that people read', () => {
    assert.equal(
      ownerText(full),
      'Ann Lee <mailto:ann@example.org> (VS Code, on LAPTOP-7, as alice, id 3fz81c)',
    );
  });

  it('is read back', () => {
    assert.deepEqual(parseOwnerText(ownerText(full)), full);
  });

  it('is read back with any of its parts left out', () => {
    const part = fc.option(fc.stringMatching(/^[A-Za-z0-9äöü]{1,9}([ ._-][A-Za-z0-9äöü]{1,5}){0,3}$/), {
      nil: undefined,
    });
    const owners = fc.record({ name: part, app: part, host: part, account: part, mark: part });
    fc.assert(
      fc.property(owners, ({ app, ...some }) => {
        const parts = Object.entries({ ...some, app: app === undefined ? undefined : `VS ${app}` });
        const told = Object.fromEntries(parts.filter(([, value]) => value !== undefined));
        const owner: OwnerText = { contacts: ['mailto:a@b.c'], ...told };
        const isMarked = owner.host ?? owner.account ?? owner.mark;
        assert.deepEqual(parseOwnerText(ownerText(owner)), isMarked === undefined ? undefined : owner);
      }),
    );
  });

  it('keeps within its limit, and keeps what identifies us', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 600, unit: 'grapheme' }),
        fc.array(fc.webUrl()),
        (name, contacts) => {
          const text = ownerText({ ...full, name, contacts });
          assert.ok(text.length <= ownerTextLimit && text.isWellFormed(), text);
          assert.equal(parseOwnerText(text)?.mark, '3fz81c', text);
        },
      ),
    );
  });

  it('is nothing where nothing may be told', () => {
    assert.equal(ownerText({ contacts: [] }), '');
  });

  it('is not seen in what others write', () => {
    for (const text of [
      '',
      'Ann Lee',
      'Ann (Berlin)',
      'mailto:ann@example.org',
      'Ann <mailto:ann@example.org>',
      'LibreOffice - http://www.libreoffice.org/',
      'x (VS Code, on A, nonsense)',
    ])
      assert.equal(parseOwnerText(text), undefined, text);
  });

  it('lets no part pass for another', () => {
    const text = ownerText({
      contacts: ['no address', 'mailto:a>b@c'],
      name: 'Eve (VS Code, id 1)',
      mark: '2, id 3',
    });
    assert.equal(parseOwnerText(text)?.mark, '2 id 3');
    assert.deepEqual(parseOwnerText(text)?.contacts, []);
  });
});
