import fc from 'fast-check'
import { getNamedType, isObjectType, type GraphQLField, type GraphQLObjectType, type GraphQLSchema } from 'graphql'
import { limits } from '../../src/graphql/index.ts'

/** A random query. */
export interface AnyQuery {
  readonly query: string
  /** Whether the query has the variable `$first`, the page size of its lists. */
  readonly hasPages: boolean
}

export interface Values {
  /** Literals by argument name: `slug` → `"self-reliance"`. */
  readonly [argument: string]: string
}

/**
 * Generates valid queries within the limits on depth and aliases, with repeated lists, nesting, aliases and long texts. Every page size
 * is the variable `$first`.
 *
 * @param values literals for required arguments; a field with another required argument is not selected
 */
export const anyQuery = (schema: GraphQLSchema, values: Values): fc.Arbitrary<AnyQuery> =>
  fc
    .array(fc.nat(), { minLength: 20, maxLength: 400, size: 'max' })
    .map((numbers) => writeQuery(schema, values, numbers))

function writeQuery(schema: GraphQLSchema, values: Values, numbers: readonly number[]): AnyQuery {
  let used = 0
  let aliases = 0
  let hasPages = false
  /** Returns the next number below `most`, or 0 if there are no more, so that every query ends. */
  const next = (most: number): number => (numbers[used++] ?? 0) % most
  const canBeAsked = ({ args }: GraphQLField<unknown, unknown>): boolean =>
    args.every(({ name, type }) => name in values || !String(type).endsWith('!'))

  function selection(type: GraphQLObjectType, depth: number): string {
    const all = Object.values(type.getFields()).filter(canBeAsked)
    const plain = all.filter(({ type: of }) => !isObjectType(getNamedType(of)))
    const fields = depth >= limits.depth - 1 || used >= numbers.length ? plain : all
    if (fields.length === 0) return '__typename'
    const taken = new Set<string>()
    const selected: string[] = []
    for (let left = 1 + next(fields.length + 4); left > 0; left--) {
      const field = fields[next(fields.length)]
      if (!field) continue
      const again = taken.has(field.name)
      if (again && ++aliases > limits.aliases) continue
      taken.add(field.name)
      selected.push(`${again ? `a${aliases}: ` : ''}${field.name}${written(field)}${below(field, depth)}`)
    }
    return selected.join(' ')
  }
  function written({ args }: GraphQLField<unknown, unknown>): string {
    const given = args.flatMap(({ name, type }) => {
      if (name === 'first') {
        hasPages = true
        return ['first: $first']
      }
      return String(type).endsWith('!') ? [`${name}: ${values[name]}`] : []
    })
    return given.length > 0 ? `(${given.join(', ')})` : ''
  }
  function below({ type }: GraphQLField<unknown, unknown>, depth: number): string {
    const named = getNamedType(type)
    return isObjectType(named) ? ` { ${selection(named, depth + 1)} }` : ''
  }

  const root = schema.getQueryType()
  if (!root) throw new Error('the schema has no Query type')
  const body = selection(root, 1)
  return { query: `query${hasPages ? ' ($first: Int!)' : ''} { ${body} }`, hasPages }
}
