import { readFileSync } from 'node:fs'

// Each table belongs to one room, and only that room has SQL for it. Other rooms call functions of the owner.

/** The models of prisma/schema.prisma by their room. */
export const ownedModels = {
  members: ['Member', 'Identity', 'MemberStandingChange', 'Bookmark', 'CallCounter', 'CallTotal'],
  catalogue: ['Plan', 'PlanPrice', 'PlanInclusion', 'Promotion'],
  membership: ['Membership', 'MembershipChange', 'ArticleRequirement', 'ArticleRequirementPlan'],
  billing: [
    'BillingProduct',
    'BillingPrice',
    'BillingCustomer',
    'BillingEvent',
    'BillingTask',
    'BillingSubscription',
    'Checkout',
    'Gift',
  ],
  content: ['Author', 'Tag', 'Series', 'Article', 'ArticleBody', 'ArticleTag'],
  jobs: ['JobSchedule'],
}

/** Statements that must join a table of a lower room. */
export const joins = [
  // A body is returned only if the requirement that was judged is still current. With two statements it could change in between.
  { file: 'server/src/content/paid-text/queries.ts', models: ['ArticleRequirement'] },
  // A page of bookmarks contains published articles only, and the database limits its length.
  { file: 'server/src/content/reading/queries.ts', models: ['Bookmark'] },
]

/**
 * Parses the models of a Prisma schema.
 *
 * @param {string} schema
 * @returns {Map<string, { table: string, relations: { field: string, model: string }[] }>}
 */
function parseModels(schema) {
  const names = new Set([...schema.matchAll(/^model (\w+) \{/gm)].map(([, name]) => name))
  const models = new Map()
  for (const [, name = '', body = ''] of schema.matchAll(/^model (\w+) \{\n([^]*?)^\}/gm)) {
    const relations = [...body.matchAll(/^ {2}(\w+) +(\w+)/gm)].flatMap(([, field = '', model = '']) =>
      names.has(model) ? [{ field, model }] : [],
    )
    models.set(name, { table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name, relations })
  }
  return models
}

const models = parseModels(readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8'))
const owned = new Set(Object.values(ownedModels).flat())
const withoutRoom = [...models.keys()].filter((model) => !owned.has(model))
if (withoutRoom.length > 0) throw new Error(`scripts/lint/tables.mjs: no room owns ${withoutRoom.join(', ')}`)

/** @param {string} name */
const asProperty = (name) => `${name[0]?.toLowerCase()}${name.slice(1)}`
/** @param {readonly string[]} words */
const oneOf = (words) => `(${words.join('|')})`

/**
 * Returns the restrictions of `no-restricted-syntax` for the files of a room.
 *
 * @param {string} room
 * @param {readonly string[]} joined models of other rooms that the file may join
 */
export function foreignTables(room, joined = []) {
  const own = [...(Object.entries(ownedModels).find(([name]) => name === room)?.[1] ?? []), ...joined]
  const foreign = [...models.keys()].filter((model) => !own.includes(model))
  const tables = foreign.map((model) => models.get(model)?.table ?? model)
  const relations = own
    .flatMap((model) => models.get(model)?.relations ?? [])
    .filter(({ model }) => foreign.includes(model))
  const message = `${room} reads and writes its own tables only. Call a function of the room that owns the table (scripts/lint/tables.mjs).`
  const client = oneOf(foreign.map(asProperty))
  const methods = '(find|create|update|upsert|delete|count|aggregate|groupBy)'
  const sql = `\\b(FROM|JOIN|INTO|UPDATE|USING|TABLE|TRUNCATE|ONLY)\\s+(\\w+\\.)?"?${oneOf(tables)}\\b`
  const selectors = [
    // By Prisma's client, whatever the client is called.
    `CallExpression[callee.property.name=/^${methods}/][callee.object.property.name=/^${client}$/]`,
    `CallExpression[callee.property.name=/^${methods}/][callee.object.property.value=/^${client}$/]`,
    `MemberExpression[object.name=/^(db|tx|database|transaction)$/][property.name=/^${client}$/]`,
    `MemberExpression[object.property.name=/^(db|tx)$/][property.name=/^${client}$/]`,
    `VariableDeclarator[init.name=/^(db|tx|database|transaction)$/] > ObjectPattern > Property[key.name=/^${client}$/]`,
    // In SQL.
    `TemplateElement[value.raw=/${sql}/i]`,
    `Literal[value=/${sql}/i]`,
  ]
  if (relations.length > 0) {
    const fields = oneOf([...new Set(relations.map(({ field }) => field))])
    selectors.push(
      `Property[key.name=/^(select|where|include|orderBy|data)$/] > ObjectExpression Property[key.name=/^${fields}$/]:not([shorthand=true])`,
    )
  }
  return selectors.map((selector) => ({ selector, message }))
}
