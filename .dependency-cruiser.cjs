/** The arrows of docs/architecture.md. CI rejects every other one, and every import cycle. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: '^(apps|packages|evals|training|scripts)/', pathNot: [from, ...allowed] },
});

/** One folder per feature; a feature imports no other feature (exceptions are listed here with a reason). */
const FEATURES = ['tab', 'index'];

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    only('protocol-is-a-leaf', '^packages/protocol/src/', []),
    only('apply-is-pure', '^packages/apply/src/', []),
    only('prompt-is-pure', '^packages/prompt/src/', []),
    only('vscode-knows-only-protocol', '^apps/vscode/src/', ['^packages/protocol/src/']),
    only('editor-launches-the-engine', '^apps/editor/src/', []),
    only('engine-arrows', '^packages/engine/src/', ['^packages/(protocol|apply|prompt)/src/']),
    {
      name: 'only-server-knows-the-wire',
      severity: 'error',
      from: { path: '^packages/engine/src/', pathNot: '^packages/engine/src/(server|cli)/' },
      to: { path: '^packages/protocol/' },
    },
    {
      name: 'workspace-knows-no-feature',
      severity: 'error',
      from: { path: '^packages/engine/src/workspace/' },
      to: { path: '^packages/engine/src/', pathNot: '^packages/engine/src/workspace/' },
    },
    ...FEATURES.map((feature) => ({
      name: `feature-${feature}-stands-alone`,
      severity: 'error',
      from: { path: `^packages/engine/src/${feature}/` },
      to: { path: '^packages/engine/src/', pathNot: `^packages/engine/src/(${feature}|workspace)/` },
    })),
    {
      name: 'only-the-extension-knows-vscode',
      severity: 'error',
      from: { pathNot: '^apps/vscode/(src|test)/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'testkit-is-for-tests',
      severity: 'error',
      from: { pathNot: '(/test/|^packages/testkit/|^evals/|^training/|\\.config\\.ts$)' },
      to: { path: '^packages/testkit/' },
    },
    { name: 'no-drawer-files', severity: 'error', from: {}, to: { path: '/(utils?|helpers?|misc|common)\\.[cm]?tsx?$' } },
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'dist'] },
    exclude: { path: ['node_modules', '/dist/', '/fixtures/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
