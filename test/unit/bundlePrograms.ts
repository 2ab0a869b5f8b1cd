// Programs that run in a process of their own, with nothing of the tests in it.

/** Connects nowhere while loading, then makes one request with what was bundled. */
export const useTransport = (bundle: string, origin: string) => `
  const net = require('node:net');
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = () => { throw new Error('a connection while loading'); };
  const { createTransport } = require(${JSON.stringify(bundle)});
  net.Socket.prototype.connect = connect;
  const slots = () => Object.getOwnPropertySymbols(globalThis).map(String).filter((name) => name.includes('undici'));
  const transport = createTransport({
    origin: ${JSON.stringify(origin)}, credentials: async () => undefined, userAgent: 'test', now: () => performance.now(),
  });
  transport.send({ method: 'GET', resource: ${JSON.stringify(`${origin}/a`)}, url: ${JSON.stringify(`${origin}/a`)} })
    .then(async (answer) => {
      console.log(JSON.stringify({ status: answer.status, text: await answer.text(), slots: slots() }));
      await transport.close();
    });
`;

/** An editor that answers anything with anything, with an open remote folder, and what it gives to the extension. */
const editor = (storage: string) => `
  const get = (_, key) => {
    if (key === 'then') return undefined;
    if (key === Symbol.iterator) return function* () {};
    if (key === Symbol.toPrimitive) return () => '';
    return key === 'length' ? 0 : anything();
  };
  const anything = () => new Proxy(function () {}, { get, set: () => true, apply: () => anything(), construct: () => anything() });
  const folder = { uri: { scheme: 'dav', authority: '127.0.0.1:9', path: '/', toString: () => 'dav://127.0.0.1:9/' } };
  const known = { textDocuments: [], workspaceFolders: [folder], getConfiguration: () => ({ get: () => undefined }) };
  const workspace = new Proxy({}, { get: (_, key) => known[key] ?? anything() });
  const vscode = new Proxy({}, { get: (_, key) => (key === 'workspace' ? workspace : anything()) });
  const load = Module._load;
  Module._load = (name, ...rest) => (name === 'vscode' ? vscode : load(name, ...rest));
  const memento = { get: (_, fallback) => fallback, update: async () => undefined, keys: () => [] };
  const place = { fsPath: ${JSON.stringify(storage)} };
  const context = {
    subscriptions: [], globalState: memento, workspaceState: memento, globalStorageUri: place, storageUri: place,
    extension: { packageJSON: { version: '0' } }, extensionUri: anything(),
    secrets: { get: async () => undefined, store: async () => undefined, delete: async () => undefined, onDidChange: () => ({ dispose() {} }) },
  };
`;

/** Notes which files of the bundle are compiled, and of which of them that was kept. */
const compiling = `
  const vm = require('node:vm');
  const files = [];
  let kept = 0;
  const { Script } = vm;
  vm.Script = class extends Script {
    constructor(source, options) {
      super(source, options);
      // The extension compiles regular expressions as well.
      if (!options?.filename?.endsWith('.js')) return;
      files.push(require('node:path').basename(options.filename));
      if (options.cachedData !== undefined && this.cachedDataRejected === false) kept += 1;
    }
  };
`;

/** Activates and ends the extension. */
export const activate = (bundle: string, storage: string) => `
  const Module = require('node:module');
  ${compiling}
  let connections = 0;
  require('node:net').Socket.prototype.connect = () => { connections += 1; throw new Error('a connection'); };
  require('node:dns').lookup = () => { connections += 1; throw new Error('a name asked for'); };
  ${editor(storage)}
  const extension = require(${JSON.stringify(bundle)});
  const api = extension.activate(context);
  // Its first rhythm is seconds away: what was begun by activating alone has had its turn by now.
  setImmediate(async () => {
    await extension.deactivate();
    console.log(JSON.stringify({ version: api.version, connections, files }));
  });
`;

/** Activates the extension, has it keep at once what was compiled, and ends it. */
export const activateAndKeep = (bundle: string, storage: string) => `
  const Module = require('node:module');
  ${compiling}
  const later = globalThis.setTimeout;
  globalThis.setTimeout = (run, ms, ...rest) => later(run, ms === 10_000 ? 0 : ms, ...rest);
  ${editor(storage)}
  const extension = require(${JSON.stringify(bundle)});
  const api = extension.activate(context);
  later(async () => {
    await extension.deactivate();
    console.log(JSON.stringify({ version: api.version, kept }));
  }, 50);
`;
