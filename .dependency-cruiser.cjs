/** The import law of the house (docs/architecture.md). Each rule says why it exists. */
const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    rule('no-cycles', 'A cycle is two files that are one file pretending.', {}, { circular: true }),
    rule(
      'core-is-pure',
      'The method must be testable without mocks: core imports core, nothing else, not even an npm package.',
      { path: '^src/core' },
      { pathNot: '^src/core' },
    ),
    rule(
      'ports-know-only-core',
      'A port that names an adapter is no port.',
      { path: '^src/ports' },
      { pathNot: '^src/(core|ports)' },
    ),
    rule(
      'store-stands-alone',
      'SQL must not know who else exists.',
      { path: '^src/store' },
      { path: '^(src/(queue|mail|http|web|cli)|connectors|jobs|sandbox|templates)' },
    ),
    rule(
      'queue-stands-alone',
      'The queue is a doorbell, it knows nobody.',
      { path: '^src/queue' },
      { path: '^(src/(store|mail|http|web|cli)|connectors|jobs|sandbox|templates)' },
    ),
    rule(
      'mail-stands-alone',
      'Sending a mail is not composing it.',
      { path: '^src/mail' },
      { path: '^(src/(store|queue|http|web|cli)|connectors|jobs|sandbox|templates)' },
    ),
    rule(
      'connectors-know-only-ports',
      'A connector that touches the store cannot be tried against its sandbox alone.',
      { path: '^connectors' },
      { path: '^(src/(store|queue|mail|http|web|cli|main)|jobs|sandbox|templates)' },
    ),
    rule(
      'connectors-are-strangers',
      'Adding a CRM must not touch another CRM.',
      { path: '^connectors/([^/]+)/' },
      { path: '^connectors/([^/]+)/', pathNot: '^connectors/$1/' },
    ),
    rule(
      'jobs-receive-adapters',
      'Jobs get their store, queue, mailer and connectors as arguments.',
      { path: '^jobs' },
      { path: '^(src/(store|queue|mail|http|web|cli|main)|connectors|sandbox)' },
    ),
    rule(
      'faces-receive-adapters',
      'Pages and commands speak to ports; the composition root hands them the adapters.',
      { path: '^src/(http|web|cli)' },
      { path: '^(src/(store|queue|mail|main)|connectors|sandbox)' },
    ),
    rule(
      'templates-only-speak',
      'A mail is words about core values.',
      { path: '^templates' },
      { path: '^(src/(store|queue|mail|http|web|cli|main)|connectors|jobs|sandbox)' },
    ),
    rule(
      'sandbox-shares-no-code',
      'A double that uses our code would share our mistakes: core types only.',
      { path: '^sandbox' },
      { path: '^(src/(?!core)|connectors|jobs|templates)' },
    ),
    rule(
      'nobody-imports-the-root',
      'The composition root sees everything and is seen by nobody.',
      { pathNot: '^src/(main\\.ts|compose/)' },
      { path: '^src/(main\\.ts|compose/)' },
    ),
    rule(
      'one-door-to-sql',
      'pg, Kysely and PGlite live in src/store and, for the queue backend, src/queue.',
      { pathNot: '^(src/(store|queue)|test)' },
      { path: 'node_modules/(kysely|pg|@electric-sql)/' },
    ),
    rule(
      'one-door-to-bullmq',
      'Only src/queue knows BullMQ.',
      { pathNot: '^(src/queue|test)' },
      { path: 'node_modules/(bullmq|ioredis)/' },
    ),
    rule(
      'one-door-to-nodemailer',
      'Only src/mail knows nodemailer.',
      { pathNot: '^(src/mail|test)' },
      { path: 'node_modules/nodemailer/' },
    ),
    rule(
      'one-door-per-vendor',
      'A vendor client is called from one wrapper.',
      { pathNot: '^(connectors/[^/]+/api\\.ts|test|sandbox)' },
      { path: 'node_modules/(@hubspot/api-client|pipedrive)/' },
    ),
    rule(
      'no-unlisted-package',
      'A package that package.json does not name is there by luck.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    rule('resolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true, pathNot: '^node:' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
