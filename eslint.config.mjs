import { readdirSync } from 'node:fs'
import js from '@eslint/js'
import { createNodeResolver, importX } from 'eslint-plugin-import-x'
import reactHooks from 'eslint-plugin-react-hooks'
import regexp from 'eslint-plugin-regexp'
import tseslint from 'typescript-eslint'
import { foreignTables, joins, ownedModels } from './scripts/lint/tables.mjs'

// The rules that need no types. Those that need types, and the one about circles, are in .oxlintrc.json: ESLint takes 4 s for circles.

// The rooms of the house and which way imports run (ARCHITECTURE.md). A room may import those after it, and is entered
// through its index.ts. Imports of types count as any other.

const src = './server/src'
const order = ['http', 'graphql', 'content', 'billing', 'membership', 'catalogue', 'members', 'auth', 'jobs']

/** Rooms below a room that it may not import at all. */
const strangers = [
  {
    room: 'catalogue',
    of: 'members',
    message: 'catalogue and members stand side by side and know nothing of each other.',
  },
  { room: 'content', of: 'billing', message: 'content and billing stand side by side and know nothing of each other.' },
  { room: 'auth', of: 'jobs', message: 'auth knows who, not what is stored.' },
]

/** What no file of a room may import: the rooms above it, and the insides of the rooms below it. */
const zones = order.flatMap((room, index) => [
  ...order.slice(0, index).map((above) => ({
    target: `${src}/${room}`,
    from: `${src}/${above}`,
    message: `Imports run one way: ${order.join(' → ')}.`,
  })),
  ...order
    .slice(index + 1)
    .filter((below) => !strangers.some((one) => one.room === room && one.of === below))
    .map((below) => ({
      target: `${src}/${room}`,
      from: `${src}/${below}`,
      // The generated types name the rows that resolvers start from.
      except: ['./index.ts', ...(room === 'graphql' ? ['./types.ts', './identity.ts'] : [])],
      message: `Enter ${below} through its index.ts.`,
    })),
  {
    target: [`${src}/${room}`],
    from: ['app', 'main', 'observe-auth', 'publication-jobs', 'start', 'worker'].map((file) => `${src}/${file}.ts`),
    message: 'Imports run one way: main, worker → app, publication-jobs → rooms.',
  },
])

const doors = [
  {
    target: [src],
    from: ['./scripts', './prisma', './site'],
    message: 'The server is built without scripts, seed and site.',
  },
  {
    target: [`${src}/lib`],
    from: [src],
    except: ['./lib'],
    message: 'lib knows no other room.',
  },
  {
    target: [`${src}/db`],
    from: [src],
    except: ['./db', './lib'],
    message: 'db stands beside lib and knows no room.',
  },
  {
    target: [`${src}/jobs`],
    from: [`${src}/db`],
    message: 'jobs imports no room. Rooms pass in handlers, and the process passes in a pool.',
  },
  {
    target: [`${src}/billing/provider`],
    from: [`${src}/billing`],
    except: ['./provider'],
    message: 'billing/provider knows the payment provider and no other folder of billing.',
  },
  {
    target: [...order, 'lib', 'db'].map((room) => `${src}/${room}`),
    from: [`${src}/local`],
    message: 'Rooms know nothing of the local doubles. env.ts takes their defaults, start.ts their clock.',
  },
  ...strangers.map(({ room, of, message }) => ({ target: [`${src}/${room}`], from: [`${src}/${of}`], message })),
  {
    target: [`${src}/auth`],
    from: [`${src}/db`],
    message: 'auth knows who, not what is stored.',
  },
]

// The site knows the server by its schema alone. Its folders are in the order in which imports run: a folder may import those after it.
const site = './site/src'
const siteOrder = ['app', 'features', 'articles', 'fallbacks', 'membership', 'live', 'api', 'auth', 'ui', 'addresses']
const siteArrow = `Imports of the site run one way: pages, templates → ${siteOrder.join(' → ')}.`
const features = readdirSync(new URL('site/src/features', import.meta.url))
/** The features that a feature may import. @type {Readonly<Record<string, readonly string[]>>} */
const neighbours = { article: ['checkout-return'], plans: ['checkout-return'] }
const siteZones = [
  {
    target: [site, './site/gatsby'],
    from: ['./server', './scripts', './prisma'],
    message: 'The site knows the server only by the schema files.',
  },
  ...siteOrder.map((folder, index) => ({
    target: `${site}/${folder}`,
    from: ['pages', 'templates', ...siteOrder.slice(0, index)].map((above) => `${site}/${above}`),
    message: siteArrow,
  })),
  {
    target: siteOrder.map((folder) => `${site}/${folder}`),
    from: './site/gatsby',
    message: 'Only templates know the steps of the build.',
  },
  {
    target: ['pages', 'templates'].map((folder) => `${site}/${folder}`),
    from: ['articles', 'membership', 'live', 'api', 'auth'].map((folder) => `${site}/${folder}`),
    message: 'Pages and templates choose a screen. Screens have the data.',
  },
  {
    target: siteOrder.slice(0, siteOrder.indexOf('live')).map((folder) => `${site}/${folder}`),
    from: `${site}/live`,
    except: ['./index.ts'],
    message: 'Enter live through its index.ts.',
  },
  ...features.map((feature) => ({
    target: `${site}/features/${feature}`,
    from: `${site}/features`,
    except: [feature, ...(neighbours[feature] ?? [])].map((known) => `./${known}`),
    message: 'Features do not import each other. What two of them share has a folder below them.',
  })),
]

// Each local double stands alone. What several of them use is in shared/, which knows none of them.
const local = './scripts/local'
const doubles = ['database', 'identity', 'payments', 'site']
const localZones = [
  ...doubles.map((double) => ({
    target: `${local}/${double}`,
    from: './scripts',
    except: [
      ...[`local/${double}`, 'local/shared', 'env.ts', 'lock.mjs', 'storage-failure.ts'].map((known) => `./${known}`),
      ...(double === 'site' ? ['./site'] : []),
    ],
    message: `The double ${double} imports no other double. Code that several of them use belongs in scripts/local/shared.`,
  })),
  {
    target: `${local}/shared`,
    from: './scripts',
    except: ['./local/shared', './env.ts'],
    message: 'scripts/local/shared knows no double.',
  },
  {
    target: [...doubles, 'shared'].map((folder) => `${local}/${folder}`),
    from: src,
    except: ['./env.ts', './local/defaults.ts'],
    message: 'A double knows the settings of the server and nothing else of it.',
  },
  {
    target: [...doubles, 'shared'].map((folder) => `${local}/${folder}`),
    from: './prisma',
    message: 'A double knows no table and no demo data of the server.',
  },
]

const everyZone = [...zones, ...doors, ...siteZones, ...localZones]

const auth0 = { regex: '^@auth0/', message: 'Auth0 is touched by site/src/auth only.' }
const apollo = { regex: '^@apollo/', message: 'Apollo Client is touched by site/src/api only.' }
const styles = { regex: '\\.css$', message: 'Pages and templates hold no styles.' }

const prisma = {
  regex: '(^@prisma/client|/db/generated/)',
  message: 'Prisma is touched by queries.ts, commands.ts, db/ and the seed only.',
}
const shield = {
  regex: '(^graphql-shield$|/lib/shield\\.ts$)',
  message: 'graphql-shield is touched by the shield of graphql/ and by rules.ts only.',
}
const stripe = {
  regex: '^stripe($|/)',
  allowTypeImports: true,
  message: 'Stripe’s SDK is used by server/src/billing/provider only; scripts may name its types.',
}
const anyStripe = {
  ...stripe,
  allowTypeImports: false,
  message: 'Stripe’s SDK and its types are used by server/src/billing/provider only.',
}
const grantMint = {
  regex: '(^|/)grant\\.ts$',
  importNames: ['mintGrant'],
  message: 'Only a decision makes grants (membership/decide.ts).',
}

const publisherGrant = {
  regex: '/membership/index\\.ts$',
  importNames: ['grantForPublisher'],
  message: 'Only content/paid-text/publisher-texts.ts asks for the publisher’s grants.',
}
const publisherTexts = {
  regex: '/publisher-texts\\.ts$',
  message: 'Only content/publishing/queries.ts reads texts for the publisher’s commands.',
}
/** Imports that only some files of the server may have. */
const restrictedImports = { prisma, shield, grantMint, anyStripe, publisherGrant, publisherTexts }

/** @param {object[]} patterns @returns {import('eslint').Linter.RuleEntry} */
const restricted = (...patterns) => ['error', { patterns }]
/** All restrictions of the server but some. @param {(keyof typeof restrictedImports)[]} allowed @returns {import('eslint').Linter.RulesRecord} */
const serverImports = (...allowed) => ({
  '@typescript-eslint/no-restricted-imports': restricted(
    ...Object.entries(restrictedImports).flatMap(([name, pattern]) =>
      allowed.some((one) => one === name) ? [] : [pattern],
    ),
  ),
})

// One door to paid text: a read of a body anywhere else is an error.
const door = 'server/src/content/paid-text/queries.ts'
const onlyDoor = `Bodies are read by readGrantedBodies (${door}) only.`
const bodyWriter = 'server/src/content/publishing/commands.ts'
const anyBody = [
  'CallExpression[callee.object.property.name="articleBody"]',
  'Property[key.name=/^(select|include)$/] > ObjectExpression > Property[key.name="body"]',
  'Property[key.name="where"] Property[key.name="body"]',
  'Property[key.name="articleBody"]',
  'MemberExpression[computed=true] > Literal[value="articleBody"]',
  'TemplateElement[value.raw=/article_body/]',
  'Literal[value=/\\b(FROM|JOIN|UPDATE|INTO|TABLE|USING)\\s+"?article_body/i]',
].map((selector) => ({ selector, message: onlyDoor }))
/** The command that publishes may write bodies. It may not read them, and a write returns the id only. */
const bodyReads = [
  'CallExpression[callee.object.property.name="articleBody"][callee.property.name=/^(find|aggregate|groupBy|upsert|delete|.*AndReturn)/]',
  'CallExpression[callee.object.property.name="articleBody"] Property[key.name="select"] Property[key.name=/^(html|rest)$/]',
].map((selector) => ({ selector, message: onlyDoor }))
/** A dynamic import would go round the restrictions of static ones. */
const dynamicImports = [
  { selector: 'ImportExpression > Literal[value=/^stripe/]', message: anyStripe.message },
  { selector: 'ImportExpression > Literal[value=/grant\\.ts$/]', message: grantMint.message },
  { selector: 'ImportExpression > Literal[value=/publisher-texts\\.ts$/]', message: publisherTexts.message },
]

/** Rooms without tables: no SQL at all. */
const roomsWithoutTables = ['http', 'graphql', 'auth', 'lib']

/**
 * The syntax that files of the server may not use.
 *
 * @param {string} room the room, whose own tables they may use
 * @param {{ joined?: readonly string[], bodies?: typeof anyBody }} options
 * @returns {import('eslint').Linter.RulesRecord}
 */
const serverSyntax = (room, { joined = [], bodies = anyBody } = {}) => ({
  'no-restricted-syntax': ['error', ...bodies, ...dynamicImports, ...foreignTables(room, joined)],
})

/** @type {Partial<import('eslint').Linter.RulesRecord>} */
const noEnvironment = {
  'no-restricted-properties': [
    'error',
    { object: 'process', property: 'env', message: 'Settings are parsed in an env file and passed down as values.' },
  ],
}

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.data/**',
      'server/src/db/generated/**',
      'server/src/graphql/resolver-types.ts',
      'server/src/schema-types.ts',
      'coverage/**',
      'site/.cache/**',
      'site/public/**',
      'site/src/api/operations.ts',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        AbortSignal: 'readonly',
        TextDecoder: 'readonly',
        Response: 'readonly',
      },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.tsx', '.mjs', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.mjs', '.js'] })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: everyZone }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-restricted-imports': restricted(prisma, shield, grantMint, stripe),
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-duplicate-imports': 'error',
      'no-restricted-syntax': ['error', ...anyBody, ...dynamicImports],
      ...noEnvironment,
    },
  },
  {
    files: ['prisma/**'],
    rules: { '@typescript-eslint/no-restricted-imports': restricted(shield, grantMint, stripe) },
  },
  // Imports of the server: everything is restricted, and some files are allowed some of it.
  { files: ['server/src/**'], rules: serverImports() },
  {
    files: ['server/src/**/queries.ts', 'server/src/**/commands.ts', 'server/src/db/**'],
    rules: serverImports('prisma'),
  },
  {
    files: [
      'server/src/*/rules.ts',
      'server/src/graphql/permissions.ts',
      'server/src/graphql/schema.ts',
      'server/src/graphql/streams/subscriptions.ts',
      'server/src/lib/shield.ts',
    ],
    rules: serverImports('shield'),
  },
  { files: ['server/src/membership/decide.ts'], rules: serverImports('grantMint') },
  { files: ['server/src/billing/provider/**'], rules: serverImports('anyStripe') },
  { files: ['server/src/content/paid-text/publisher-texts.ts'], rules: serverImports('publisherGrant') },
  { files: ['server/src/content/publishing/queries.ts'], rules: serverImports('prisma', 'publisherTexts') },
  // Tables of the server: each room has its own.
  { files: ['server/src/*.ts', 'server/src/{db,local}/**'], rules: serverSyntax('no room') },
  ...[...Object.keys(ownedModels), ...roomsWithoutTables].map((room) => ({
    files: [`server/src/${room}/**`],
    rules: serverSyntax(room),
  })),
  ...joins.map(({ file, models: joined }) => ({
    files: [file],
    rules: serverSyntax('content', { joined, ...(file === door && { bodies: [] }) }),
  })),
  { files: [bodyWriter], rules: serverSyntax('content', { bodies: bodyReads }) },
  {
    files: [
      'server/src/env.ts',
      'server/src/start.ts',
      'scripts/env.ts',
      'scripts/start/environment.mjs',
      'scripts/jest/environment.mjs',
      'scripts/jest/hooks.mjs',
      'server/test/support/**',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Strangers choose what the server looks through: the work must grow with its length, and no faster. Publishing reads files of the
    // publisher.
    files: ['server/src/**/*.ts'],
    ignores: ['server/src/content/publishing/**'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },
  {
    files: ['scripts/**', 'prisma/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['site/**/*.ts', 'site/**/*.tsx'],
    ...reactHooks.configs.flat['recommended-latest'],
  },
  {
    // TypeScript knows the browser's names.
    files: ['site/**/*.ts', 'site/**/*.tsx'],
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/no-restricted-imports': restricted(auth0, apollo),
    },
  },
  { files: ['site/src/auth/**'], rules: { '@typescript-eslint/no-restricted-imports': restricted(apollo) } },
  { files: ['site/src/api/**'], rules: { '@typescript-eslint/no-restricted-imports': restricted(auth0) } },
  {
    files: ['site/src/pages/**', 'site/src/templates/**'],
    rules: { '@typescript-eslint/no-restricted-imports': restricted(auth0, apollo, styles) },
  },
  { files: ['site/src/env.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    // Tests look at answers and rows of any shape, and reach for the insides that they try.
    files: ['**/*.test.ts', 'server/test/**', 'site/test/**', 'scripts/**/test-*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      'no-restricted-properties': 'off',
    },
  },
)
