/** Who may import whom: what is not in this table is an error. */
const allowed = [];
const may = (from, ...targets) => {
  for (const path of targets) allowed.push({ from: { path: from }, to: { path } });
};
const packages = (...names) => `^node_modules/(${names.join('|')})/`;
// The typings are all that is installed of the editor's own module.
const vscode = '^(vscode|node_modules/@types/vscode)';
const node =
  '^(node:|(assert|buffer|child_process|crypto|events|fs|http|https|module|net|os|path|perf_hooks|process|readline|stream|timers|tls|url|util|v8|vm|zlib)$|(assert/strict|fs/promises|inspector/promises|stream/promises|timers/promises)$)';

may('^src/loader\\.ts$', '^src/(extension|compiledFiles|compose/connect)\\.ts$', vscode, node);
may('^src/compiledFiles\\.ts$', node);
may('^src/extension\\.ts$', '^src/compose\\.ts$', '^src/compose/', vscode);
may('^src/compose', '^src/', vscode, node);
may('^src/base/', '^src/base/');
// The rooms of the core, from the ground up: each may import itself and the rooms before it.
const coreRooms = [
  'model',
  'settings',
  'locks',
  'polling',
  'search',
  'leases',
  'saving',
  'diagnosis',
  'waiting',
];
coreRooms.forEach((room, floor) => {
  const below = coreRooms.slice(0, floor + 1).join('|');
  may(`^src/core/${room}/`, `^src/core/(${below})/`, '^src/base/');
});
may('^src/core/createCore\\.ts$', '^src/core/', '^src/base/');
may(
  '^src/protocol/transport/',
  '^src/protocol/transport/',
  '^src/core/',
  '^src/base/',
  packages('undici'),
  node,
);
may('^src/protocol/xml/', '^src/protocol/xml/', '^src/core/model/', '^src/base/', node);
may('^src/protocol/webdav/', '^src/protocol/(webdav|transport|xml)/', '^src/core/', '^src/base/', node);
may('^src/protocol/(refusals|git-lfs)/', '^src/protocol/', '^src/core/', '^src/base/', node);
may('^src/protocol/http/', '^src/protocol/(http|transport|webdav)/', '^src/core/', '^src/base/', node);
may('^src/protocol/http/templates\\.ts$', packages('url-template'));
may('^src/protocol/http/values\\.ts$', packages('jsonpointer'));
may('^src/protocol/signIn/', '^src/protocol/(signIn|transport)/', '^src/core/model/', '^src/base/');
may('^src/protocol/[A-Za-z]+\\.ts$', '^src/protocol/', '^src/core/');
may('^src/protocol/xml/xml\\.ts$', packages('saxes'));
// What outlives a window: files, and stores that the editor hands in.
may('^src/storage/', '^src/storage/', '^src/core/', '^src/base/', node);
may('^src/editor/', '^src/editor/', '^src/storage/', '^src/core/', '^src/base/', vscode, node);
may('^src/editor/connection/settings\\.ts$', packages('proxy-from-env'));
may('^src/editor/search/globs\\.ts$', packages('picomatch'));

// The typings that other extensions get are the ones that the code is held to.
may('^src/(editor/(api|connection/connectTo)|editor/agents/\\w+|compose)\\.ts$', '^lock-status\\.d\\.ts$');
may('^test/(unit|editor|support)/', '^lock-status\\.d\\.ts$');
may('^lock-status\\.d\\.ts$', vscode);

may('^src/editor/files/threeWayMerge\\.ts$', packages('node-diff3'));

const core = '^src/(core|base)/';
const protocol = '^src/(core|base|protocol)/';
may(
  '^test/unit/',
  '^test/(unit|support)/',
  protocol,
  '^src/storage/',
  '^src/editor/(words/plainText|hiddenCharacters|agents/(askedFiles|lockFacts)|explain/axis|files/(pendingMerge|shownReads|threeWayMerge)|connection/(noProxy|secrets|certificates|reachability|recentFolders)|search/(globs|resultsText|timeLimit)|trust/(configurationFiles|seenConfiguration))\\.ts$',
  packages('fast-check', 'mocha', '@types/mocha', 'saxes'),
  node,
);
may(
  '^test/server/',
  '^test/(server|support)/',
  protocol,
  '^src/storage/contentCache\\.ts$',
  packages('mocha', '@types/mocha', 'fast-check'),
  node,
);
may(
  '^test/editor/',
  '^test/(editor|support)/',
  '^src/(editor|storage)/',
  core,
  vscode,
  packages('mocha', '@types/mocha'),
  node,
);
may(
  '^test/window/',
  '^test/(window|support)/',
  packages('axe-core', 'playwright-core', 'mocha', '@types/mocha'),
  node,
);
may(
  '^test/bench/',
  '^test/(bench|support)/',
  protocol,
  '^src/storage/contentCache\\.ts$',
  '^node_modules/',
  node,
);
may(
  '^test/support/',
  '^test/support/',
  '^test/[^/]+/[^/]+$',
  protocol,
  '^src/editor/(words/plainText|search/timeLimit)\\.ts$',
  '^node_modules/',
  '^package\\.json$',
  node,
  vscode,
);

module.exports = {
  allowed,
  allowedSeverity: 'error',
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '^test/', '^src/(loader|protocol/protocol)\\.ts$'] },
      to: {},
    },
    {
      // It is loaded by itself, when the first server is to be reached.
      name: 'protocol-is-loaded-late',
      severity: 'error',
      from: { path: '^src/(compose|extension\\.ts|loader\\.ts)' },
      to: {
        path: '^src/protocol/',
        pathNot: '^src/protocol/servers\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'unit-tests-know-no-editor',
      severity: 'error',
      from: { path: '^test/(unit|server)/' },
      to: { path: vscode },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // The package `esbuild` is taken for this file, because the tool also looks for packages in the root.
    exclude: { path: '^esbuild\\.js$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
