/**
 * The house's import direction. A room may import the rooms listed with it, itself,
 * `common` and `config`; anything else fails the build.
 */
const base = ['common', 'config'];
const mayImport = {
  ml: [],
  config: [],
  common: ['config'],
  compute: base,
  database: base,
  leases: ['database', ...base],
  detector: ['ml', ...base],
  access: ['detector', 'database', ...base],
  ingestion: ['access', 'detector', 'ml', 'compute', 'database', ...base],
  validation: ['detector', 'ml', 'compute', ...base],
  transformation: ['detector', 'ml', 'compute', ...base],
  registry: ['access', 'detector', 'transformation', 'ml', 'database', ...base],
  cards: ['access', 'runs', 'registry', 'detector', 'ml', 'database', ...base],
  runs: ['access', 'detector', 'validation', 'registry', 'ml', 'compute', 'leases', ...base],
  training: [
    'cards',
    'runs',
    'detector',
    'ingestion',
    'validation',
    'transformation',
    'registry',
    'ml',
    'compute',
    ...base,
  ],
  lists: ['access', 'detector', 'database', ...base],
  prediction: ['access', 'lists', 'registry', 'detector', 'ingestion', 'ml', 'database', ...base],
  following: ['prediction', 'lists', 'registry', 'detector', 'ingestion', ...base],
  monitoring: [
    'access',
    'prediction',
    'lists',
    'registry',
    'detector',
    'ingestion',
    'ml',
    'database',
    'leases',
    'transformation',
    'compute',
    ...base,
  ],
  retention: [
    'access',
    'monitoring',
    'tracking',
    'runs',
    'registry',
    'cards',
    'detector',
    'leases',
    'database',
    ...base,
  ],
  tracking: ['access', 'cards', 'runs', 'validation', 'registry', 'leases', 'database', ...base],
  scheduling: [
    'access',
    'monitoring',
    'prediction',
    'runs',
    'registry',
    'ingestion',
    'detector',
    'ml',
    'leases',
    'database',
    ...base,
  ],
};

const rooms = Object.keys(mayImport);

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['^src/(main|cli)\\.ts$', '\\.(spec|task|d)\\.ts$', '^src/compute/worker\\.ts$'],
      },
      to: {},
    },
    { name: 'no-barrels', severity: 'error', from: {}, to: { path: '^src/.*/index\\.ts$' } },
    {
      name: 'ml-is-plain-typescript',
      comment:
        'ml/ has no Nest, no I/O and no third party but the two ml-* learners; of Node it uses threads, digests and deflate.',
      severity: 'error',
      from: { path: '^src/ml/', pathNot: ['\\.spec\\.ts$', '/fixtures/'] },
      to: {
        pathNot: ['^src/ml/', 'node_modules/ml-', '^(node:)?(worker_threads|crypto|zlib)$'],
      },
    },
    {
      name: 'no-test-imports',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: ['\\.spec\\.ts$', '^test/'] },
    },
    {
      name: 'only-cli-imports-commands',
      comment: 'Commands are the outermost room; what main.ts shares with them stands in common/terminal/.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli(/|\\.ts$)' },
      to: { path: '^src/cli/' },
    },
    ...rooms.map((room) => ({
      name: `${room}-imports-downwards`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: [room, ...mayImport[room]].map((other) => `^src/${other}/`) },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      mainFields: ['main', 'types'],
      extensions: ['.ts', '.js'],
    },
  },
};
