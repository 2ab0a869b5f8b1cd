// Types-aware rules that keep promises honest and each platform name in its one room.
import tseslint from 'typescript-eslint';

const property = (selector, message) => ({ selector, message });
const one = (name, home) =>
  property(`MemberExpression[property.name=${name}]`, `Only ${home} may use this: one room for one thing.`);

const rooms = {
  prompts: one('/^show(Information|Warning|Error)Message$/', 'src/editor/messages/prompts.ts'),
  contextKeys: property(
    "Literal[value='setContext']",
    'Only src/editor/views/contextKeys.ts sets context keys.',
  ),
  settings: one("'getConfiguration'", 'src/editor/connection/settings.ts'),
};
const trusted = property(
  "Property[key.name='isTrusted'], MemberExpression[property.name='isTrusted']",
  'Foreign text may stand in any Markdown: never trust one.',
);
const restricted = (...without) => [
  'error',
  trusted,
  ...Object.entries(rooms)
    .filter(([room]) => !without.includes(room))
    .map(([, rule]) => rule),
];

export default tseslint.config(
  { ignores: ['dist', 'out', '.vscode-test', '.test-output', 'node_modules'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-params': ['error', 4],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': restricted(), 'no-console': 'error' },
  },
  { files: ['src/editor/messages/prompts.ts'], rules: { 'no-restricted-syntax': restricted('prompts') } },
  {
    files: ['src/editor/views/contextKeys.ts'],
    rules: { 'no-restricted-syntax': restricted('contextKeys') },
  },
  { files: ['src/editor/connection/settings.ts'], rules: { 'no-restricted-syntax': restricted('settings') } },
  {
    files: ['src/base/**/*.ts', 'src/core/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'setTimeout',
          'setInterval',
          'setImmediate',
          'clearTimeout',
          'clearInterval',
          'Date',
          'performance',
          'fetch',
          'process',
          'Buffer',
        ].map((name) => ({ name, message: 'The core is told the time and the world through its ports.' })),
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-restricted-syntax': [
        'error',
        property(
          "MemberExpression[object.name=/^(it|describe|test|suite)$/][property.name='only']",
          'No .only.',
        ),
      ],
    },
  },
);
