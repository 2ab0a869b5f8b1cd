import { hostile, status, type Ask, type HostileCase } from '../../../support/protocol/hostile';

const codes = ['301 Moved', '302 Found', '303 See Other', '307 Temporary', '308 Permanent'];

hostile('A server that redirects', ({ origin }) => {
  const host = new URL(origin).host;
  const places: readonly (readonly [string, string])[] = [
    ['to another origin', `${origin}/docs/report.md`],
    ['to another origin with a slash', `${origin}/docs/report.md/`],
    ['by a scheme-relative address', `//${host}/docs/report.md`],
    ['by backslashes', `\\\\${host}\\docs`],
    ['with a name and password', `http://ann:pw@${host}/docs/report.md`],
    ['to https', `https://${host}/docs/report.md`],
    ['to a script', 'javascript:alert(1)'],
    ['to data', 'data:text/html,x'],
    ['to a file', 'file:///etc/passwd'],
    ['to nothing', ''],
    ['to what is no address', 'http://['],
    ['to a link', '[x](command:y)'],
    ['to a very long address', `/${'a'.repeat(10_000)}`],
    ['to itself', '/docs/report.md'],
    ['to another page', '/login?next=/docs/report.md'],
    ['in the form of dots', '/docs/../docs/./report.md'],
  ];
  const questions: readonly Ask[] = ['stat', 'write'];
  return [
    ...places.flatMap(([name, location]) =>
      codes.flatMap((code) =>
        questions.map((ask): HostileCase => ({
          name: `${name} by ${code}, on ${ask}`,
          ask,
          answer: () => [status(code, `Location: ${location}\r\n`)],
          kinds: ['redirected', 'notWebdav'],
          requests: 7,
        })),
      ),
    ),
    ...['read', 'lock', 'refresh', 'unlock', 'remove', 'probe', 'list'].map((ask): HostileCase => ({
      name: `to another origin, on ${ask}`,
      ask: ask as Ask,
      answer: () => [status('302 Found', `Location: ${origin}/docs/report.md\r\nSet-Cookie: a=b\r\n`)],
    })),
    {
      name: 'for ever, each time to a deeper place',
      answer: ({ path }) => [status('301 Moved', `Location: ${path}/\r\n`)],
      kinds: ['redirected'],
      requests: 7,
    },
  ];
});
