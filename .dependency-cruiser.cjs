/** The arrows of the design: who may import whom. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      comment: 'core imports itself and small pure libraries: no DOM, Node or Electron',
      severity: 'error',
      from: { path: '^core/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: ['^core/', 'node_modules/(zod|fflate|fast-png|saxes|@bufbuild/protobuf)/'],
      },
    },
    {
      name: 'main-imports-core',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: '^(renderer|preload|cli|scripts|e2e|bench)/' },
    },
    {
      name: 'main-node-without-electron',
      comment: 'main/node is shared with the command line',
      severity: 'error',
      from: { path: '^main/node/' },
      to: { path: ['^main/(?!node/)', 'node_modules/electron'] },
    },
    {
      name: 'preload-imports-core',
      severity: 'error',
      from: { path: '^preload/' },
      to: { path: '^(main|renderer|cli|scripts|e2e|bench)/' },
    },
    {
      name: 'renderer-imports-core',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(main|preload|cli|scripts|e2e|bench)/' },
    },
    {
      name: 'cli-imports-core-and-main-node',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^(main/(?!node/)|preload|renderer|scripts|e2e|bench)/' },
    },
    {
      name: 'onnxruntime-only-where-sessions-live',
      severity: 'error',
      from: { pathNot: '^(renderer/inference/worker|cli|bench|conformance)/' },
      to: { path: 'node_modules/onnxruntime' },
    },
    {
      name: 'renderer-store-below-everything',
      severity: 'error',
      from: { path: '^renderer/store/' },
      to: { path: '^renderer/(app|features|actions|tools|canvas)/' },
    },
    {
      name: 'renderer-tools-below-actions-and-canvas',
      severity: 'error',
      from: { path: '^renderer/tools/' },
      to: { path: '^renderer/(app|features|actions|canvas)/' },
    },
    {
      name: 'renderer-canvas-and-actions-below-features',
      severity: 'error',
      from: { path: '^renderer/(canvas|actions)/' },
      to: { path: '^renderer/(app|features)/' },
    },
    {
      name: 'renderer-features-below-app',
      severity: 'error',
      from: { path: '^renderer/features/' },
      to: { path: '^renderer/app/' },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.cache)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
