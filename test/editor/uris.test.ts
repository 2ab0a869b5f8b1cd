import assert from 'node:assert/strict';
import { Uri } from 'vscode';
import { isRemote, rememberSpelling, toResource, toUri } from '../../src/editor/uris';

describe('Addresses of remote files', () => {
  it('are the same again where the editor spells a server in its own way', () => {
    for (const text of [
      'dav://first.example:80/a',
      'davs://second.example:443/a',
      'davs://m%C3%BCnchen.example/a',
      'dav://127.1/a',
    ]) {
      const uri = Uri.parse(text);
      rememberSpelling(uri);
      assert.equal(toUri(toResource(uri)).toString(), uri.toString());
    }
  });

  it('keep the first spelling of a server, and need none', () => {
    rememberSpelling(Uri.parse('dav://third.example/'));
    rememberSpelling(Uri.parse('dav://third.example:80/'));
    rememberSpelling(Uri.parse('dav:///nowhere'));
    const uris = ['dav://third.example/a', 'davs://fourth.example:8443/a%20b'].map((text) => Uri.parse(text));
    assert.deepEqual(
      uris.map((uri) => toUri(toResource(uri)).toString()),
      uris.map((uri) => uri.toString()),
    );
  });

  it('have a host', () => {
    const addresses = ['dav://h/a', 'davs://h', 'dav:///a', 'dav://h:99999/a', 'file:///a'];
    assert.deepEqual(
      addresses.map((text) => isRemote(Uri.parse(text))),
      [true, true, false, false, false],
    );
  });
});
