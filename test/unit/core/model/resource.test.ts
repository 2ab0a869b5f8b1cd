import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  childOf,
  isWithin,
  nameOf,
  parentOf,
  pathOf,
  resolveHref,
  resourceId,
  segmentsOf,
  serverOf,
  urlOf,
} from '../../../../src/core/model/resource';

const file = resourceId('http://host:8080/a/b.txt');

describe('A resource id', () => {
  it('is one for every spelling of an address', () => {
    const spellings = [
      'http://host/a%20b/c%C3%A9',
      'http://host/a%20b/c%c3%a9/',
      'HTTP://HOST:80/a b/cé',
      'http://host//a%20b/./x/../c%C3%A9',
      'http://host/a%20b/%2e/x/%2E%2E/cé',
    ];
    assert.deepEqual([...new Set(spellings.map(resourceId))], ['http://host/a%20b/c%C3%A9']);
  });

  it('keeps characters that an address gives a meaning to as part of the name', () => {
    const id = resourceId('http://host/a%23b%3Fc&d;e');
    assert.equal(nameOf(id), 'a#b?c&d;e');
    assert.equal(id, 'http://host/a%23b%3Fc%26d%3Be');
  });

  it('keeps what is not valid UTF-8', () => {
    assert.equal(nameOf(resourceId('http://host/caf%E9')), 'caf%E9');
  });

  it('is one for every spelling of a file on disk, and has parents and a name like any other', () => {
    const id = resourceId('file:///home/ann/a%20b.txt');
    for (const spelling of ['file:///home/ann/a b.txt', 'FILE:///home//ann/x/../a%20b.txt/'])
      assert.equal(resourceId(spelling), id);
    assert.deepEqual([serverOf(id), pathOf(id), nameOf(id)], ['file://', '/home/ann/a%20b.txt', 'a b.txt']);
    assert.equal(parentOf(id), 'file:///home/ann');
    assert.ok(isWithin(id, resourceId('file:///home')));
    assert.equal(serverOf(resourceId('file://NAS/share/a')), 'file://nas');
  });

  it('is not made of anything but http, https and files', () => {
    for (const text of [
      'ftp://host/a',
      '/a',
      'http:',
      '',
      'http:///a',
      'file:a',
      'file://host',
      'javascript:alert(1)',
    ]) {
      assert.throws(() => resourceId(text), TypeError, text);
    }
  });

  it('reads hrefs of every form as the same resource', () => {
    const hrefs = [
      '/a/b.txt',
      '/a/b%2etxt',
      'http://host:8080/a/b.txt',
      'https://inner.name/a/b.txt',
      ' /a/b.txt/ ',
    ];
    for (const href of hrefs) assert.equal(resolveHref(file, href), file, href);
    assert.equal(resolveHref(file, '/a/b#c?d'), 'http://host:8080/a/b%23c%3Fd');
    assert.equal(resolveHref(file, 'files/b.txt'), undefined);
    assert.equal(resolveHref(file, 'http://host:8080'), 'http://host:8080');
  });

  it('knows its place', () => {
    const root = resourceId('http://host:8080/');
    assert.equal(serverOf(file), 'http://host:8080');
    assert.equal(pathOf(file), '/a/b.txt');
    assert.deepEqual(segmentsOf(file), ['a', 'b.txt']);
    assert.equal(parentOf(file), 'http://host:8080/a');
    assert.equal(parentOf(resourceId('http://host:8080/a')), root);
    assert.equal(parentOf(root), undefined);
    assert.equal(nameOf(root), 'host:8080');
    assert.equal(urlOf(root), 'http://host:8080/');
    assert.equal(urlOf(file, 'collection'), 'http://host:8080/a/b.txt/');
    assert.ok(isWithin(file, root) && isWithin(file, file));
    assert.ok(!isWithin(resourceId('http://host:8080/ab'), resourceId('http://host:8080/a')));
  });

  it('never leads above its server, and is its own id', () => {
    const segment = fc.oneof(fc.constantFrom('..', '.', '%2e%2E', '', 'a'), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        const href = `/${segments.join('/')}`;
        const id = resolveHref(file, href);
        assert.ok(id);
        assert.equal(serverOf(id), 'http://host:8080');
        assert.ok(!segmentsOf(id).some((name) => name === '..' || name === '.' || name === ''));
        assert.equal(resourceId(id), id);
      }),
    );
  });

  it('is made of half a character as of a character that cannot be read', () => {
    assert.equal(resolveHref(file, '/a/\ud83d'), 'http://host:8080/a/%EF%BF%BD');
    assert.equal(resourceId('http://host/\ude00/b'), 'http://host/%EF%BF%BD/b');
    assert.equal(childOf(file, '\ud83d'), `${file}/%EF%BF%BD`);
  });

  it('is not made of a name in an href that is not UTF-8, and takes a percent sign alone for itself', () => {
    assert.equal(resolveHref(file, '/a/%E9'), undefined);
    assert.equal(resolveHref(file, '/%'.repeat(3)), 'http://host:8080/%25/%25/%25');
    assert.equal(resolveHref(file, '/50%-%C3%A9'), 'http://host:8080/50%25-%C3%A9');
  });
});
