import fc from 'fast-check'
import { getNamedType, isObjectType, type GraphQLField, type GraphQLObjectType, type GraphQLSchema } from 'graphql'
import { limits } from '../../src/graphql/index.ts'

/** The page size in the queries of `anyQuery`, to be given as `$first`. */
export interface AnyQuery {
  readonly query: string
  /** The query can be made longer: it has a list that `$first` bounds. */
  readonly hasPages: boolean
}

export interface Values {
  /** By argument's name, as literals: `slug` → `"self-reliance"`. */
  readonly [argument: string]: string
}

/**
 * Queries of all shapes that the schema takes, within the limits on depth and aliases: lists walked again and again, nestings,
 * aliases and long texts. Every page size is the variable `$first`.
 *
 * @param values for the arguments that a field requires; a field whose arguments are not among them is left out
 */
export const anyQuery = (schema: GraphQLSchema, values: Values): fc.Arbitrary<AnyQuery> =>
  fc
    .array(fc.nat(), { minLength: 20, maxLength: 400, size: 'max' })
    .map((numbers) => writeQuery(schema, values, numbers))

function writeQuery(schema: GraphQLSchema, values: Values, numbers: readonly number[]): AnyQuery {
  let used = 0
  let aliases = 0
  let hasPages = false
  /** The next number, below `most`; 0 when there are no more, so that every query ends. */
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
  if (!root) throw new Error('a schema without a Query')
  const body = selection(root, 1)
  return { query: `query${hasPages ? ' ($first: Int!)' : ''} { ${body} }`, hasPages }
}
