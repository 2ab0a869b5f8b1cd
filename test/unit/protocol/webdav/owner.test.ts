import assert from 'node:assert/strict';
import { readOwner } from '../../../../src/protocol/webdav/reading/owner';
import type { Holder } from '../../../../src/core/model/lock';
import { activeLock, at, discovery, found, multistatus, Stage } from './stage';

/** The holder that an owner's XML is read as. */
async function holderOf(xml: string): Promise<Holder> {
  const stage = new Stage(multistatus(found('/a.txt', discovery(activeLock({ owner: xml })))));
  const [lock] = (await stage.server.files.stat(at('/a.txt'))).listing.locks;
  assert.ok(lock);
  return lock.holder;
}

const client = { assertedBy: 'client', self: 'other' } as const;
const mail = (address: string) => ({ kind: 'mail' as const, uri: `mailto:${address}` });

describe('the owner of a lock', () => {
  const rows: readonly (readonly [form: string, xml: string, holder: Partial<Holder>])[] = [
    ['text', 'Ann Lee', { name: 'Ann Lee' }],
    ['an href', '<D:href>mailto:ann@x.org</D:href>', { name: 'ann@x.org', contacts: [mail('ann@x.org')] }],
    [
      'an href of another namespace',
      '<href xmlns="">https://x.org/~ann</href>',
      { name: 'https://x.org/~ann', contacts: [{ kind: 'web', uri: 'https://x.org/~ann' }] },
    ],
    [
      'text and hrefs',
      '<D:href>mailto:ann@x.org</D:href> Ann Lee <D:href>tel:+49-30-1</D:href>',
      { name: 'Ann Lee', contacts: [mail('ann@x.org'), { kind: 'tel', uri: 'tel:+49-30-1' }] },
    ],
    ['nested elements', '<n><first>Ann</first><last>Lee</last></n>', { name: 'Ann Lee' }],
    [
      'markup that was escaped once too often',
      '&lt;D:href&gt;mailto:ann@x.org&lt;/D:href&gt;Ann',
      { name: 'Ann', contacts: [mail('ann@x.org')] },
    ],
    ['CDATA', '<![CDATA[Ann <b>Lee</b> & Co]]>', { name: 'Ann Lee & Co' }],
    [
      'an address in running text',
      'Ann, see https://x.org/ann.',
      { name: 'Ann, see', contacts: [{ kind: 'web', uri: 'https://x.org/ann' }] },
    ],
    [
      'an address in brackets',
      'Ann &lt;mailto:ann@x.org&gt;',
      { name: 'Ann', contacts: [mail('ann@x.org')] },
    ],
    [
      'a user and a host, as cadaver writes it',
      'mailto:ann@WORKSTATION',
      { name: 'ann@WORKSTATION', contacts: [mail('ann@WORKSTATION')] },
    ],
    [
      'a chat address',
      'Ann xmpp:ann@x.org',
      { name: 'Ann', contacts: [{ kind: 'chat', uri: 'xmpp:ann@x.org' }] },
    ],
    [
      'a person by an office program',
      'einstein@idp via Collabora',
      { name: 'einstein@idp', app: 'Collabora' },
    ],
    ['the Finder', '<D:href>http://www.apple.com/webdav_fs/</D:href>', { app: 'macOS Finder' }],
    ['LibreOffice', '<D:href>LibreOffice - http://www.libreoffice.org/</D:href>', { app: 'LibreOffice' }],
    ['LibreOffice as text', 'LibreOffice - http://www.libreoffice.org/', { app: 'LibreOffice' }],
  ];
  for (const [form, xml, holder] of rows)
    it(`is read from ${form}`, async () => {
      assert.deepEqual(await holderOf(xml), { contacts: [], ...holder, ...client });
    });

  it('is nobody where nothing is said', async () => {
    const nobody = { contacts: [], assertedBy: 'nobody', self: 'unknown' };
    for (const xml of ['', '   ', '<D:href/>', '<a><b/></a>', '&#x202e;'])
      assert.deepEqual(await holderOf(xml), nobody);
  });

  it('is only plain text: nothing hidden, reversed or broken into lines', async () => {
    const { name } = await holderOf('Ann\u202eeel\u200b\n\u2028Lee\u0085 [x](command:evil) $(icon)');
    assert.equal(name, 'Ann eel Lee [x](command:evil) $(icon)');
  });

  it('gives no contact but those of the known schemes', async () => {
    for (const uri of [
      'command:evil',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'vscode://x/y',
      'data:x,y',
    ]) {
      assert.deepEqual((await holderOf(`<D:href>${uri}</D:href>`)).contacts, []);
      assert.deepEqual((await holderOf(`Ann ${uri}`)).contacts, []);
    }
  });

  it('gives no address that looks like another', async () => {
    assert.deepEqual((await holderOf('https://x.org@evil.example/')).contacts, []);
    assert.deepEqual((await holderOf('mailto:')).contacts, []);
    assert.deepEqual((await holderOf('https://')).contacts, []);
    assert.deepEqual((await holderOf(`https://x.org/${'x'.repeat(600)}`)).contacts, []);
  });

  it('gives a mail address without subject, body or copies', async () => {
    assert.deepEqual((await holderOf('mailto:ann@x.org?bcc=all@x.org&amp;body=pay')).contacts, [
      mail('ann@x.org'),
    ]);
  });

  it('is not worn out by an address made for it', async () => {
    const started = performance.now();
    await holderOf(`<D:href>mailto:${'.'.repeat(4_000)}a</D:href>`.repeat(32));
    assert.ok(performance.now() - started < 500);
  });

  it('is kept short', async () => {
    const { name = '' } = await holderOf('Long '.repeat(10_000));
    assert.ok(name.length <= 255 && name.endsWith('…'));
    const { contacts } = await holderOf(
      Array.from({ length: 100 }, (_, n) => `<D:href>mailto:a${n}@x.org</D:href>`).join(''),
    );
    assert.equal(contacts.length, 8);
    const cut = (await holderOf(`${'x'.repeat(253)}😀😀`)).name ?? '';
    assert.ok(cut.isWellFormed() && cut.length <= 255);
  });

  it('is looked through for few addresses', () => {
    const owner = (count: number) => ({ text: `${'tel:! '.repeat(count)}mailto:ann@example.org`, hrefs: [] });
    assert.equal(readOwner(owner(15)).contacts.length, 1);
    assert.deepEqual(readOwner(owner(16)).contacts, []);
    const dotted = { text: 'Ask mailto:ann@example.org?).,', hrefs: [] };
    assert.equal(readOwner(dotted).contacts[0]?.uri, 'mailto:ann@example.org');
  });
});
