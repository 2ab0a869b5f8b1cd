import assert from 'node:assert/strict';
import { addressWith, asContact, contactOptions } from '../../../../src/core/model/contact';
import type { Holder } from '../../../../src/core/model/lock';

const holder = (more: Partial<Holder>): Holder => ({
  contacts: [],
  assertedBy: 'client',
  self: 'other',
  ...more,
});

describe('A contact', () => {
  it('is of a scheme that may be opened, and of no other', () => {
    assert.equal(asContact('mailto:ann@example.org')?.kind, 'mail');
    assert.equal(asContact('HTTPS://example.org/ann')?.kind, 'web');
    assert.equal(asContact('tel:+123')?.kind, 'tel');
    for (const bad of [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'command:x',
      'vscode://a/b',
      'data:text/html,x',
      'ann',
      'mailto:',
      'https:// x',
      'https://a\u0000b',
      'mailto:ann%0d%0abcc:spy%40example.org@example.org',
      'xmpp:ann%0A@example.org',
    ]) {
      assert.equal(asContact(bad), undefined, bad);
    }
  });

  it('is one whose goal can be shown to its end', () => {
    const long = 'a'.repeat(60);
    for (const bad of [
      `https://accounts.example.${long}.${long}.evil.example/`,
      `mailto:ann.lee.${long}@example.${long}.evil.example`,
      `xmpp:ann.lee.${long}@example.${long}.evil.example`,
    ])
      assert.equal(asContact(bad), undefined, bad);
    assert.equal(asContact(`https://example.org/${long}/${long}/${long}`)?.kind, 'web');
  });

  it('takes no subject, copy or body from a foreign mail address', () => {
    assert.equal(
      asContact('mailto:ann@example.org?bcc=spy@example.org&body=x')?.uri,
      'mailto:ann@example.org',
    );
  });

  it('is found in the setting first, then in the lock, last with the administrator', () => {
    const ann = holder({ name: 'Ann Lee', contacts: [{ kind: 'mail', uri: 'mailto:lock@example.org' }] });
    const ways = contactOptions(ann, { 'ann lee': 'tel:+1' }, 'mailto:admin@example.org');
    assert.deepEqual(
      ways.map(({ contact, from }) => [contact.uri, from]),
      [
        ['tel:+1', 'setting'],
        ['mailto:lock@example.org', 'lock'],
        ['mailto:admin@example.org', 'administrator'],
      ],
    );
    assert.deepEqual(contactOptions(undefined, {}, ''), []);
  });

  it('carries the message only where its scheme can', () => {
    assert.equal(
      addressWith({ kind: 'mail', uri: 'mailto:a@b.c' }, 'a & b', 'x\ny=ü'),
      'mailto:a@b.c?subject=a%20%26%20b&body=x%0Ay%3D%C3%BC',
    );
    assert.equal(addressWith({ kind: 'web', uri: 'https://a/b' }, 's', 'b'), 'https://a/b');
  });

  it('is one address, and never another that is joined to it', () => {
    for (const bad of [
      'mailto:ann%40corp.example,evil@evil.example',
      'mailto:ann@example.org,evil@evil.example',
      'mailto:ann@example.org;evil@evil.example',
      'mailto:ann@example.org%2Cevil',
      'mailto:ann@example.org%3bevil',
      'mailto:ann%40example.org@evil.example',
      'mailto:ann@example.org@evil.example',
    ])
      assert.equal(asContact(bad), undefined, bad);
  });
});
