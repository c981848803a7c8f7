import { HeaderMap, type ApolloServerPlugin } from '@apollo/server'
import {
  getNullableType,
  GraphQLError,
  isListType,
  Kind,
  TypeInfo,
  ValidationContext,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { createComplexityRule, type ComplexityEstimator } from 'graphql-query-complexity'
import { CodedError, tooManyMessage, type ErrorCode } from '../lib/errors.ts'
import { mostRows } from '../lib/pagination.ts'
import type { Context } from './context-types.ts'
import { limits } from './limits.ts'

/** Units that make one point of a caller's rate. What a page of the site asks costs one or two, and every request costs one. */
export const unitsPerPoint = 800

/**
 * What a field costs beside what is selected below it, in units. One unit is the work for one plain field, about 2.5 µs of CPU;
 * `npm run bench:worst` shows whether that still holds.
 */
const ownCosts: Readonly<Record<string, number>> = {
  // SQL statements of their own.
  'Query.articles': 300,
  'Query.bookmarks': 300,
  'Query.viewer': 200,
  'Query.plans': 200,
  'Query.article': 60,
  'Query.planChange': 400,
  'Query.whyAccess': 1000,
  'Viewer.billing': 200,
  'Viewer.gifts': 200,
  'Viewer.membership': 200,
  'Viewer.memberships': 200,
  'Viewer.trialAvailable': 200,
  // Looked up for all rows of a list together.
  'Article.access': 8,
  'Article.author': 3,
  'Article.bookmarked': 4,
  'Article.series': 3,
  'Article.tags': 4,
  'Article.visibility': 3,
  // Long texts.
  'Article.preview': 15,
  'Article.body': 60,
  'ArticleBody.html': 80,
  'ArticleBody.rest': 80,
  // Questions to the payment provider.
  'Billing.card': 1000,
  'Billing.invoices': 1000,
  'Billing.nextPayment': 1000,
  'Billing.openInvoice': 1000,
  'PlanChange.dueNow': 1000,
  'Mutation.addBookmark': 200,
  'Mutation.removeBookmark': 200,
}

/** Each mutation counts like some requests: it writes, and most of them ask the payment provider. */
const mutationCost = 2000

/** The length of a list that has no `first`. */
const assumedLength = 5
/** Of these it is known better: plans include fewer than one other on average, since none includes itself. */
const assumedLengths: Readonly<Record<string, number>> = { 'Plan.includes': 1 }

/** Returns the length that a list such as `Article.tags` is assumed to have. */
export const assumedLengthOf = (field: string): number => assumedLengths[field] ?? assumedLength

/** The fields that `ownCosts` names. */
export const pricedFields: readonly string[] = Object.keys(ownCosts)

const estimate: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  // Only developers can ask for it (introspection.ts).
  if (type.name.startsWith('__') || field.name.startsWith('__')) return field.name === '__typename' ? 1 : 0
  const name = `${type.name}.${field.name}`
  // A page has one of them, however many rows it has.
  if (name === 'ArticleConnection.pageInfo') return 0
  const own = ownCosts[name] ?? (type.name === 'Mutation' ? mutationCost : 1)
  return own + lengthOf(name, field.type, args) * childComplexity
}

/** Returns how often the selection below a field is walked. The rows of a connection are counted where `first` is known. */
function lengthOf(name: string, type: Parameters<typeof getNullableType>[0], args: Record<string, unknown>): number {
  // What is no page size is refused by its resolver, which makes nothing.
  if (typeof args.first === 'number') return args.first >= 1 && args.first <= mostRows ? args.first : 0
  if (name === 'ArticleConnection.nodes' || name === 'ArticleConnection.edges') return 1
  return isListType(getNullableType(type)) ? assumedLengthOf(name) : 1
}

/**
 * Returns what an operation costs, in points of the caller's rate. It is computed from the coerced arguments and every walk over a
 * list, before anything is executed.
 *
 * @param document  validated: fragments do not run in a circle, and are not too many
 * @param variables as they came; 0 is returned for variables that cannot be coerced, because nothing is executed with them
 * @throws GraphQLError with BAD_USER_INPUT for the argument of a directive that cannot be coerced
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> = {},
): number {
  const asked: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [operation, ...document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)],
  }
  let units = 0
  const rule = createComplexityRule({
    maximumComplexity: Number.MAX_VALUE,
    estimators: [estimate],
    variables,
    onComplete: (complexity) => (units = complexity),
  })
  const types = new TypeInfo(schema)
  // An argument that cannot be coerced costs its own field alone, as in the execution, which tells of it.
  const context = new ValidationContext(schema, asked, types, () => undefined)
  try {
    visit(asked, visitWithTypeInfo(types, rule(context)))
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    // The argument of a directive that cannot be coerced. What it leaves out is not known, so nothing is executed.
    throw new GraphQLError(error.message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } })
  }
  return units / unitsPerPoint
}

/**
 * Charges an operation to its caller before it is executed, beside the one point that every request costs.
 *
 * @param cost in points
 * @throws BAD_USER_INPUT for more than any operation may cost; RATE_LIMITED when the caller has not as many points at the moment
 */
export async function chargeCost(cost: number, ctx: Pick<Context, 'charge'>): Promise<void> {
  if (cost > limits.cost) {
    const message = `This operation costs ${inTenths(cost)} points. The limit is ${limits.cost}.`
    throw refusal('BAD_USER_INPUT', `${message} Request fewer rows, fields or mutations at a time.`, 400)
  }
  if (cost <= 1) return
  const { allowed, retryAfterSeconds } = await ctx.charge(cost - 1)
  if (allowed) return
  const headers = new HeaderMap([['retry-after', String(retryAfterSeconds)]])
  throw refusal('RATE_LIMITED', tooManyMessage, 429, headers)
}

/** Before the execution Apollo answers every error with 500, unless the error names a status. */
const refusal = (code: ErrorCode, message: string, status: number, headers?: HeaderMap): CodedError =>
  new CodedError(code, message, { extensions: { http: { status, ...(headers && { headers }) } } })

const inTenths = (cost: number): number => Math.ceil(cost * 10) / 10

/**
 * Charges each query and mutation for what it costs.
 *
 * @param shown whether the answer's `extensions.cost` tells what it was, for developers
 */
export const chargeQueries = (shown: boolean): ApolloServerPlugin<Context> => ({
  requestDidStart: () => {
    let cost = 0
    return Promise.resolve({
      didResolveOperation({ schema, document, operation, request, contextValue }) {
        cost = operation ? costOf(schema, document, operation, request.variables) : 0
        return chargeCost(cost, contextValue)
      },
      willSendResponse({ response: { body } }) {
        if (!shown || cost === 0 || body.kind !== 'single') return Promise.resolve()
        const told = { points: Math.max(1, inTenths(cost)), most: limits.cost }
        body.singleResult.extensions = { ...body.singleResult.extensions, cost: told }
        return Promise.resolve()
      },
    })
  },
})
