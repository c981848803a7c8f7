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
import { CodedError, tooManyMessage, type ErrorCode } from '../../lib/errors.ts'
import { mostRows } from '../../lib/pagination.ts'
import type { Context } from '../context-types.ts'
import { limits } from './limits.ts'

/** Units per point of a caller's rate limit. Every request costs at least one point. A page of the site costs one or two. */
export const unitsPerPoint = 800

/**
 * The cost of a field in units, without the fields selected below it. One unit is the work for one plain field, about 2.5 µs of CPU
 * time. `npm run bench:worst` measures it.
 */
const ownCosts: Readonly<Record<string, number>> = {
  // Fields with SQL statements of their own.
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
  'Viewer.purchaseStep': 200,
  'Viewer.trialAvailable': 200,
  // Fields that are loaded with one statement for all rows of a list.
  'Article.access': 8,
  'Article.author': 3,
  'Article.bookmarked': 4,
  'Article.series': 3,
  'Article.tags': 4,
  'Article.visibility': 3,
  // Fields with long texts.
  'Article.preview': 15,
  'Article.body': 60,
  'ArticleBody.html': 80,
  'ArticleBody.rest': 80,
  // Fields that send requests to the payment provider.
  'Billing.card': 1000,
  'Billing.invoices': 1000,
  'Billing.nextPayment': 1000,
  'Billing.openInvoice': 1000,
  'PlanChange.dueNow': 1000,
  'Mutation.addBookmark': 200,
  'Mutation.removeBookmark': 200,
}

/** A mutation writes to the database, and most mutations send a request to the payment provider. */
const mutationCost = 2000

/** The assumed length of a list without the argument `first`. */
const assumedLength = 5
/** Exceptions. A plan includes less than one other plan on average. */
const assumedLengths: Readonly<Record<string, number>> = { 'Plan.includes': 1 }

/** Returns the assumed length of a list such as `Article.tags`. */
export const assumedLengthOf = (field: string): number => assumedLengths[field] ?? assumedLength

/** The fields in `ownCosts`. */
export const pricedFields: readonly string[] = Object.keys(ownCosts)

const estimate: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  // Introspection is available outside production only (introspection.ts).
  if (type.name.startsWith('__') || field.name.startsWith('__')) return field.name === '__typename' ? 1 : 0
  const name = `${type.name}.${field.name}`
  // One object for all rows of a page.
  if (name === 'ArticleConnection.pageInfo') return 0
  const own = ownCosts[name] ?? (type.name === 'Mutation' ? mutationCost : 1)
  return own + lengthOf(name, field.type, args) * childComplexity
}

/** Returns how often the selection below a field is executed. The rows of a connection are counted at the field with `first`. */
function lengthOf(name: string, type: Parameters<typeof getNullableType>[0], args: Record<string, unknown>): number {
  // The resolver refuses an invalid page size, so nothing below it is executed.
  if (typeof args.first === 'number') return args.first >= 1 && args.first <= mostRows ? args.first : 0
  if (name === 'ArticleConnection.nodes' || name === 'ArticleConnection.edges') return 1
  return isListType(getNullableType(type)) ? assumedLengthOf(name) : 1
}

/**
 * Returns the cost of an operation in points of the caller's rate limit. It is computed before the execution, from the coerced arguments
 * and the lists on each path.
 *
 * @param document  a validated document, so its fragments have no cycles and their number is limited
 * @param variables the raw variables; if they cannot be coerced the cost is 0, because nothing is executed
 * @throws GraphQLError with BAD_USER_INPUT if the argument of a directive cannot be coerced
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> = {},
): number {
  const oneOperation: DocumentNode = {
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
  // A field with an invalid argument costs only itself. The execution reports the error.
  const context = new ValidationContext(schema, oneOperation, types, () => undefined)
  try {
    visit(oneOperation, visitWithTypeInfo(types, rule(context)))
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    // The argument of a directive (@skip, @include) is invalid, so the selected fields are unknown and nothing is executed.
    throw new GraphQLError(error.message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } })
  }
  return units / unitsPerPoint
}

/**
 * Charges the cost of an operation before its execution. One point has already been charged for the request.
 *
 * @param cost in points
 * @throws BAD_USER_INPUT if the cost exceeds the limit of an operation; RATE_LIMITED if the caller has too few points left
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

/** Sets the HTTP status. Without one Apollo responds with 500 to any error before the execution. */
const refusal = (code: ErrorCode, message: string, status: number, headers?: HeaderMap): CodedError =>
  new CodedError(code, message, { extensions: { http: { status, ...(headers && { headers }) } } })

const inTenths = (cost: number): number => Math.ceil(cost * 10) / 10

/**
 * Charges the cost of each query and mutation to the caller.
 *
 * @param reportsCost whether the response has the cost in `extensions.cost`, for developers
 */
export const chargeQueries = (reportsCost: boolean): ApolloServerPlugin<Context> => ({
  requestDidStart: () => {
    let cost = 0
    return Promise.resolve({
      didResolveOperation({ schema, document, operation, request, contextValue }) {
        cost = operation ? costOf(schema, document, operation, request.variables) : 0
        return chargeCost(cost, contextValue)
      },
      willSendResponse({ response: { body } }) {
        if (!reportsCost || cost === 0 || body.kind !== 'single') return Promise.resolve()
        const reported = { points: Math.max(1, inTenths(cost)), most: limits.cost }
        body.singleResult.extensions = { ...body.singleResult.extensions, cost: reported }
        return Promise.resolve()
      },
    })
  },
})
