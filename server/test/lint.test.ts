import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { ESLint } from 'eslint'
import { ownedModels } from '../../scripts/lint/tables.mjs'

// The lint enforces the project's rules. Each test plants a violation into a file.

const root = path.resolve(import.meta.dirname, '../..')
const eslint = new ESLint({ cwd: root })

async function rulesBrokenBy(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(root, file) })
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message)
}

// The first run is slow because it loads the rules.
beforeAll(() => rulesBrokenBy('server/src/app.ts', ''))

const paths = 'import-x/no-restricted-paths'
const imports = '@typescript-eslint/no-restricted-imports'

test.each([
  ['a room imports one above it', 'server/src/auth/index.ts', `export { anonymous } from '../members/index.ts'`, paths],
  [
    'a room enters another past its index',
    'server/src/membership/decide.ts',
    `export { currentMember } from '../members/current-member.ts'`,
    paths,
  ],
  ['a room imports the app', 'server/src/content/rules.ts', `export { createApp } from '../app.ts'`, paths],
  ['lib imports a room', 'server/src/lib/clock.ts', `export { createAuth } from '../auth/index.ts'`, paths],
  ['auth uses the database', 'server/src/auth/index.ts', `export { connectDatabase } from '../db/index.ts'`, paths],
  ['db imports a room', 'server/src/db/index.ts', `export { anonymous } from '../members/index.ts'`, paths],
  [
    'a room imports a type of one above it',
    'server/src/content/resolvers.ts',
    `import type { Context } from '../graphql/context-types.ts'\nexport const f = (ctx: Context) => ctx`,
    paths,
  ],
  [
    'a resolver uses Prisma',
    'server/src/content/resolvers.ts',
    `export { PrismaClient } from '../db/generated/client.ts'`,
    imports,
  ],
  [
    'a room uses the payment provider',
    'server/src/membership/resolvers.ts',
    `import Stripe from 'stripe'\nexport const s = Stripe`,
    imports,
  ],
  [
    'billing uses the payment provider without its own client',
    'server/src/billing/resolvers.ts',
    `import Stripe from 'stripe'\nexport const s = Stripe`,
    imports,
  ],
  [
    'billing names a type of the payment provider’s client past its own folder',
    'server/src/billing/checkout/start-checkout.ts',
    `import type Stripe from 'stripe'\nexport type S = Stripe`,
    imports,
  ],
  [
    'a room names a type of the payment provider’s client',
    'server/src/membership/resolvers.ts',
    `import type Stripe from 'stripe'\nexport type S = Stripe`,
    imports,
  ],
  [
    'billing imports the payment provider’s client at run time',
    'server/src/billing/offer.ts',
    `export const s = import('stripe')`,
    'no-restricted-syntax',
  ],
  [
    'a resolver mints a grant by a late import',
    'server/src/content/resolvers.ts',
    `export const m = import('../membership/grant.ts')`,
    'no-restricted-syntax',
  ],
  [
    'a resolver asks for the publisher’s grants',
    'server/src/content/resolvers.ts',
    `export { grantForPublisher } from '../membership/index.ts'`,
    imports,
  ],
  [
    'a resolver reads the publisher’s texts',
    'server/src/content/resolvers.ts',
    `export { textsForPublisher } from './paid-text/publisher-texts.ts'`,
    imports,
  ],
  [
    'the publishing command reads a body that it writes',
    'server/src/content/publishing/commands.ts',
    `export const f = (tx: any) => tx.articleBody.update({ where: {}, data: {}, select: { html: true } })`,
    'no-restricted-syntax',
  ],
  [
    'a body is changed and read in SQL',
    'server/src/content/loaders.ts',
    `export const f = (sql: (text: string) => void) => sql('UPDATE article_body SET html = html RETURNING html')`,
    'no-restricted-syntax',
  ],
  [
    'the calls of the payment provider know another folder of billing',
    'server/src/billing/provider/customers.ts',
    `export { customerIdOf } from '../checkout/queries.ts'`,
    paths,
  ],
  [
    'content imports billing',
    'server/src/content/resolvers.ts',
    `export { createStripe } from '../billing/index.ts'`,
    paths,
  ],
  ['a resolver makes rules', 'server/src/content/resolvers.ts', `export { allow } from '../lib/shield.ts'`, imports],
  ['a resolver mints grants', 'server/src/membership/resolvers.ts', `export { mintGrant } from './grant.ts'`, imports],
  [
    'a file reads the environment',
    'server/src/app.ts',
    `export const port = process.env.PORT`,
    'no-restricted-properties',
  ],
  [
    'a type is imported as a value',
    'server/src/app.ts',
    `import { Settings } from './env.ts'\nexport const f = (s: Settings) => s`,
    '@typescript-eslint/consistent-type-imports',
  ],
  [
    'a second door reads bodies',
    'server/src/content/loaders.ts',
    `export const f = (db: { articleBody: { findMany: () => void } }) => db.articleBody.findMany()`,
    'no-restricted-syntax',
  ],
  [
    'an article is read with its body',
    'server/src/content/reading/queries.ts',
    `export const columns = { select: { slug: true, body: { select: { html: true } } } }`,
    'no-restricted-syntax',
  ],
  [
    'raw SQL reads bodies',
    'server/src/membership/queries.ts',
    'export const f = (sql: (text: TemplateStringsArray) => void) => sql`SELECT html FROM article_body`',
    'no-restricted-syntax',
  ],
  [
    'a body is reached by its computed name',
    'server/src/content/loaders.ts',
    `export const f = (db: { articleBody: { findMany: () => void } }) => db['articleBody'].findMany()`,
    'no-restricted-syntax',
  ],
  [
    'a list is filtered by what bodies say',
    'server/src/membership/queries.ts',
    `export const f = { where: { body: { html: { contains: 'x' } } } }`,
    'no-restricted-syntax',
  ],
  [
    'unsafe SQL reads bodies',
    'server/src/membership/queries.ts',
    `export const f = (sql: (text: string) => void) => sql('SELECT html FROM article_body')`,
    'no-restricted-syntax',
  ],
  [
    'the site imports the server',
    'site/src/ui/format/dates.ts',
    `export { parseSettings } from '../../../../server/src/env.ts'`,
    paths,
  ],
  ['the build imports the scripts', 'site/gatsby/pages.ts', `export { root } from '../../scripts/env.ts'`, paths],
  [
    'a screen imports Auth0',
    'site/src/features/home/HomeScreen.tsx',
    `export { useAuth0 } from '@auth0/auth0-react'`,
    imports,
  ],
  [
    'a screen holds a query',
    'site/src/features/home/HomeScreen.tsx',
    `export { useQuery } from '@apollo/client/react'`,
    imports,
  ],
  ['a page holds styles', 'site/src/pages/ping.tsx', `import '../ui/layout/Card.module.css'`, imports],
  [
    'a file of the site reads the environment',
    'site/src/ui/format/dates.ts',
    `export const x = process.env.X`,
    'no-restricted-properties',
  ],
  [
    'a double imports another one',
    'scripts/local/payments/server.ts',
    `export { personas } from '../identity/personas.ts'`,
    paths,
  ],
  [
    'a double imports what uses the doubles',
    'scripts/local/identity/server.ts',
    `export { withDatabase } from '../with-database.ts'`,
    paths,
  ],
  [
    'the shared folder imports a double',
    'scripts/local/shared/files.ts',
    `export { loadKeys } from '../identity/oidc/keys.ts'`,
    paths,
  ],
  [
    'a double knows a room of the server',
    'scripts/local/payments/server.ts',
    `export { planSyncOf } from '../../../server/src/billing/index.ts'`,
    paths,
  ],
  [
    'a double knows the demo',
    'scripts/local/identity/personas.ts',
    `export { demoHoldings } from '../../../prisma/seed/holdings.ts'`,
    paths,
  ],
  [
    'a pattern takes quadratic time',
    'server/src/lib/text.ts',
    'export const email = /[^\\s@]+@[a-z]+/',
    'regexp/no-super-linear-move',
  ],
  [
    'a pattern takes exponential time',
    'server/src/http/problem.ts',
    'export const list = /^(\\w+\\s?)*$/',
    'regexp/no-super-linear-backtracking',
  ],
])('refuses: %s', async (_case, file, code, rule) => {
  expect(await rulesBrokenBy(file, code)).toContain(rule)
})

test.each(['value', 'type'])('refuses cyclic imports of a %s', (what) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gatepost-circle-'))
  try {
    const back = what === 'type' ? `import type { A } from './a.ts'` : `import { A } from './a.ts'`
    writeFileSync(path.join(folder, 'a.ts'), `import { b } from './b.ts'\nexport class A {\n  b = b\n}\n`)
    writeFileSync(path.join(folder, 'b.ts'), `${back}\nexport const b = (a: A) => a instanceof Object\n`)
    const oxlint = path.join(root, 'node_modules/.bin/oxlint')
    const config = path.join(root, '.oxlintrc.json')
    const { status, stdout } = spawnSync(oxlint, ['--config', config, folder], { encoding: 'utf8' })
    expect(stdout).toContain('import(no-cycle)')
    expect(status).toBe(1)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** The rooms from top to bottom, as in ARCHITECTURE.md. */
const rooms = ['http', 'graphql', 'content', 'billing', 'membership', 'catalogue', 'members', 'auth', 'jobs']
const above = rooms.flatMap((room, index) => rooms.slice(0, index).map((other) => [room, other] as const))
const below = rooms.flatMap((room, index) => rooms.slice(index + 1).map((other) => [room, other] as const))

/** Returns a file of a room that is not public and contains more than types. */
const insideOf = (room: string): string => {
  const names = readdirSync(path.join(root, 'server/src', room), { withFileTypes: true })
  const found = names.find(
    (entry) =>
      entry.isFile() &&
      entry.name.endsWith('.ts') &&
      !/^(index|types|identity|.*-types|.*\.test)\.ts$/.test(entry.name),
  )
  if (!found) throw new Error(`${room} has no such file`)
  return found.name
}
const planted = (room: string, from: string) =>
  rulesBrokenBy(`server/src/${room}/${insideOf(room)}`, `export * from '${from}'`)

test.each(above)('%s does not import from %s, which is above it', async (room, other) => {
  expect(await planted(room, `../${other}/${insideOf(other)}`)).toContain(paths)
})

test.each(below)('%s imports from %s, which is below it, only through its index', async (room, other) => {
  expect(await planted(room, `../${other}/${insideOf(other)}`)).toContain(paths)
})

test.each(rooms)('%s imports neither app.ts nor main.ts', async (room) => {
  for (const file of ['app', 'main', 'observe-auth', 'publication-jobs', 'start', 'worker'])
    expect(await planted(room, `../${file}.ts`)).toContain(paths)
})

test.each([...rooms, 'lib', 'db'])('%s knows nothing of the local doubles', async (room) => {
  expect(await planted(room, '../local/defaults.ts')).toContain(paths)
})

test.each(['scripts/env.ts', 'prisma/seed.ts', 'site/src/env.ts'])('the server does not import %s', async (file) => {
  expect(await rulesBrokenBy('server/src/app.ts', `export * from '../../${file}'`)).toContain(paths)
})

test.each(['billing/reconcile.ts', 'publish/files.ts', 'member/act.ts'])(
  'a double does not import the command scripts/%s',
  async (file) => {
    const code = `export * from '../../${file}'`
    expect(await rulesBrokenBy('scripts/local/payments/server.ts', code)).toContain(paths)
  },
)

test.each([
  ['content', 'billing'],
  ['catalogue', 'members'],
  ['auth', 'jobs'],
  ['auth', 'db'],
  ['jobs', 'db'],
])('%s does not import from %s', async (room, other) => {
  expect(await planted(room, `../${other}/index.ts`)).toContain(paths)
})

// The site. Each folder is planted with an import of each folder above it.

const site = (file: string): string => path.join('site/src', file)
const siteImport = (file: string, other: string): Promise<string[]> => {
  const from = path.relative(path.dirname(site(file)), site(other))
  return rulesBrokenBy(site(file), `export * from '${from.startsWith('.') ? from : `./${from}`}'`)
}

/** A file of each folder, in the order in which ARCHITECTURE.md draws the imports. */
const siteFiles = [
  'pages/ping.tsx',
  'templates/article.tsx',
  'app/Layout.tsx',
  'features/home/HomeScreen.tsx',
  'articles/ArticleList.tsx',
  'fallbacks/FailedPart.tsx',
  'membership/holdings.ts',
  'live/index.ts',
  'api/client.ts',
  'auth/auth-client.ts',
  'ui/format/dates.ts',
  'addresses/addresses.ts',
]
const siteAbove = siteFiles.flatMap((file, index) => siteFiles.slice(0, index).map((other) => [file, other] as const))

test.each(siteAbove.filter(([file]) => !file.startsWith('templates/')))(
  '%s does not import %s',
  async (file, other) => {
    expect(await siteImport(file, other)).toContain(paths)
  },
)

test.each(siteAbove.filter(([, other]) => !/^(pages|templates)\//.test(other)))(
  '%2$s may import %1$s',
  async (file, other) => {
    expect(await siteImport(other, file)).not.toContain(paths)
  },
)

test.each(['articles/ArticleList.tsx', 'membership/holdings.ts', 'live/index.ts', 'api/client.ts', 'auth/tabs.ts'])(
  'neither pages nor templates import %s',
  async (file) => {
    expect(await siteImport('pages/ping.tsx', file)).toContain(paths)
    expect(await siteImport('templates/home.tsx', file)).toContain(paths)
  },
)

test.each(['app/Layout.tsx', 'features/home/HomeScreen.tsx', 'articles/ArticleList.tsx', 'membership/holdings.ts'])(
  '%s enters live through its index alone',
  async (file) => {
    expect(await siteImport(file, 'live/refresh.ts')).toContain(paths)
    expect(await siteImport(file, 'live/run-when-due.ts')).toContain(paths)
  },
)

const features = readdirSync(path.join(root, site('features')))
/** The features that a feature may import. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  article: ['checkout-return'],
  plans: ['checkout-return'],
}
/** A file of a feature that is no style. */
const fileOf = (feature: string): string => {
  const file = readdirSync(path.join(root, site(`features/${feature}`))).find((name) => /\.tsx?$/.test(name))
  if (!file) throw new Error(`${feature} has no file`)
  return `features/${feature}/${file}`
}

test.each(features)('the feature %s imports no other feature, but for those that are named', async (feature) => {
  const others = features.filter((other) => other !== feature)
  const refused: string[] = []
  for (const other of others)
    if ((await siteImport(fileOf(feature), fileOf(other))).includes(paths)) refused.push(other)
  expect(refused).toEqual(others.filter((other) => !arrows[feature]?.includes(other)))
})

test.each([
  ['site/gatsby/pages.ts', '../../server/src/lib/text.ts'],
  ['site/src/ui/format/dates.ts', '../../../../prisma/seed.ts'],
  ...siteFiles
    .filter((file) => !/^(pages|templates|features)\//.test(file))
    .map((file) => [site(file), path.relative(path.dirname(site(file)), 'site/gatsby/pages.ts')] as const),
  ['site/src/features/home/HomeScreen.tsx', '../../../gatsby/pages.ts'],
])('%s does not import %s', async (file, from) => {
  expect(await rulesBrokenBy(file, `export * from '${from}'`)).toContain(paths)
})

/** Each room with a table of another, by Prisma's client and in SQL. */
const foreignTables = Object.keys(ownedModels).flatMap((room) =>
  Object.entries(ownedModels).flatMap(([owner, models]) =>
    owner === room ? [] : models.map((model) => [room, owner, model] as const),
  ),
)
const inSnakeCase = (model: string) => model.replace(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase()
const inCamelCase = (model: string) => `${model[0]?.toLowerCase()}${model.slice(1)}`

test.each(foreignTables)('%s reads no table of %s: %s', async (room, _owner, model) => {
  const byClient = `export const f = (db: Record<string, () => void>) => db.${inCamelCase(model)}`
  const bySql = `export const f = (sql: (text: TemplateStringsArray) => void) => sql\`SELECT FROM ${inSnakeCase(model)}\``
  expect(await rulesBrokenBy(`server/src/${room}/queries.ts`, byClient)).toContain('no-restricted-syntax')
  expect(await rulesBrokenBy(`server/src/${room}/queries.ts`, bySql)).toContain('no-restricted-syntax')
})

test.each([
  ['another name of the client', 'export const f = (connection: any) => connection.article.findMany()'],
  ['a computed name', "export const f = (db: any) => db['article'].findMany()"],
  ['a destructured client', 'export const f = (db: any) => {\n  const { article } = db\n  return article\n}'],
  ['a cast client', 'export const f = (tx: unknown) => (tx as any).article.update({})'],
  ['a schema in SQL', "export const f = (sql: (text: string) => void) => sql('SELECT 1 FROM public.article')"],
  ['a deletion in SQL', "export const f = (sql: (text: string) => void) => sql('DELETE FROM member USING article')"],
  ['a whole row of a relation', 'export const query = { include: { article: true } }'],
  ['an order by a relation', "export const query = { orderBy: { article: { publishedAt: 'desc' } } }"],
  ['a write through a relation', "export const query = { data: { article: { update: { title: 'x' } } } }"],
])('a table of another room is not reached by %s', async (_title, code) => {
  expect(await rulesBrokenBy('server/src/members/queries.ts', code)).toContain('no-restricted-syntax')
})

test.each(['app.ts', 'main.ts', 'local/followed-clock.ts', 'db/client.ts'])('%s reads no table', async (file) => {
  const code = 'export const f = (db: any) => db.member.findMany()'
  expect(await rulesBrokenBy(`server/src/${file}`, code)).toContain('no-restricted-syntax')
})

test.each([
  ['members', 'article: { publishedAt: { lte: new Date() } }'],
  ['billing', "membership: { status: 'ENDED' }"],
  ['content', "requirements: { some: { visibility: 'PUBLIC' } }"],
])('%s reaches no table of another room through a relation', async (room, relation) => {
  const code = `export const query = { where: { ${relation} } }`
  expect(await rulesBrokenBy(`server/src/${room}/queries.ts`, code)).toContain('no-restricted-syntax')
})

test.each(['http', 'graphql', 'auth', 'lib'])('%s reads no table at all', async (room) => {
  const code = 'export const f = (db: Record<string, () => void>) => db.member'
  expect(await rulesBrokenBy(`server/src/${room}/${insideOf(room)}`, code)).toContain('no-restricted-syntax')
})

const doubles = ['database', 'identity', 'payments', 'site']

test.each(doubles.flatMap((double) => doubles.filter((other) => other !== double).map((other) => [double, other])))(
  'the double %s does not import %s',
  async (double, other) => {
    const code = `export * from '../${other}/main.ts'`
    expect(await rulesBrokenBy(`scripts/local/${double}/main.ts`, code)).toContain(paths)
  },
)

test.each([...doubles, 'shared'])(
  'scripts/local/%s knows the settings of the server and nothing else',
  async (folder) => {
    const file = `scripts/local/${folder}/planted.ts`
    expect(await rulesBrokenBy(file, `export * from '../../../server/src/env.ts'`)).toEqual([])
    expect(await rulesBrokenBy(file, `export * from '../../../server/src/db/index.ts'`)).toContain(paths)
  },
)
