import { randomBytes } from 'node:crypto'
import {
  isIntrospectionType,
  isObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type GraphQLSchema,
} from 'graphql'

// Finds leaked text. Every body of a test contains its own canary, which no response to a reader without access and no log may contain.

/** Returns a unique word. */
export const makeCanary = (): string => `zq${randomBytes(7).toString('hex')}`

/** Returns a body that repeats the canary so often that every part of fifty characters contains it. */
export function bodyWith(canary: string): string {
  return `<p>Preview.</p>${`<p>It ${canary} <em>went on</em></p>`.repeat(6)}`
}

/** A text that a reader of responses or logs can see. */
export interface Seen {
  readonly where: string
  readonly text: string
}

export const headerText = (headers: Headers): string =>
  [...headers].map(([name, value]) => `${name}: ${value}`).join('\n')

/** Returns the canaries that a text contains, plain or in a common encoding. */
export function findCanaries(canaries: readonly string[], text: string): string[] {
  const encoded = text.match(/[\w+/-]{16,}={0,2}/g) ?? []
  const readings = [
    text,
    unescape(text),
    ...encoded.flatMap((word) =>
      [0, 1, 2, 3].map((skip) => Buffer.from(word.slice(skip), 'base64').toString('latin1')),
    ),
    ...encoded.map((word) => Buffer.from(word, 'hex').toString('latin1')),
  ].map((reading) => reading.toLowerCase())
  return canaries.filter((canary) => readings.some((reading) => reading.includes(canary)))
}

/** Decodes percent, JSON and HTML escapes. */
function unescape(text: string): string {
  return text.replace(
    /%([0-9a-f]{2})|\\u([0-9a-f]{4})|&#x([0-9a-f]{1,6});/gi,
    (_all, ...codes: (string | undefined)[]) =>
      String.fromCodePoint(parseInt(codes.slice(0, 3).find(Boolean) ?? '20', 16)),
  )
}

/** Returns all fields of a schema as `Type.field`. */
export function fieldsOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .flatMap((type) =>
      isObjectType(type) && !isIntrospectionType(type)
        ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
        : [],
    )
    .sort()
}

/** Returns the fields that queries select, as `Type.field`. */
export function fieldsTouched(schema: GraphQLSchema, queries: readonly string[]): string[] {
  const touched = new Set<string>()
  for (const query of queries) {
    const types = new TypeInfo(schema)
    visit(
      parse(query),
      visitWithTypeInfo(types, {
        Field: () => {
          const [parent, field] = [types.getParentType(), types.getFieldDef()]
          if (parent && field && !field.name.startsWith('__')) touched.add(`${parent.name}.${field.name}`)
        },
      }),
    )
  }
  return [...touched].filter((field) => !field.startsWith('__')).sort()
}
