import {
  createSourceEventStream,
  execute,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { createFairQueue, Dropped, QueueFull, type Slot } from '../../lib/fair-queue.ts'
import { CodedError } from '../../lib/errors.ts'
import type { Context } from '../context-types.ts'
import { chargeCost, costOf } from '../limits/cost.ts'
import { createFormatError, rememberRequest, type ErrorSink } from '../errors/format-error.ts'
import { refuseIntrospection } from '../limits/introspection.ts'
import { limitRules, limits } from '../limits/limits.ts'
import { limitRecursiveSelections } from '../limits/recursive-selections.ts'

/** A request to subscribe, not yet validated. */
export interface Question {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>> | undefined
  readonly operationName: string | undefined
}

/** The response to one event. */
export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined
  readonly errors?: readonly GraphQLFormattedError[] | undefined
}

export type Answers = AsyncIterator<Answer, undefined>

/** The result of a request: a stream of responses, a malformed request (HTTP 400), or an outage (HTTP 503). */
export type Opened =
  | { readonly kind: 'opened'; readonly answers: Answers }
  | { readonly kind: 'not_a_subscription' | 'unavailable'; readonly errors: readonly GraphQLFormattedError[] }

interface SubscriberOptions {
  /** The schema with its rules. */
  readonly schema: GraphQLSchema
  /** In production: no introspection, no suggestions of names. */
  readonly production: boolean
  readonly onMasked: ErrorSink
}

/** The client that opens a subscription. */
interface Follower {
  readonly requestId: string
  /** The caller's key in the fair queue: a member or an address. */
  readonly caller: string
  /** Aborted when the client has disconnected. */
  readonly gone: AbortSignal
}

export interface Subscriber {
  /**
   * Opens a subscription. Its rule is evaluated on opening and before each event.
   *
   * @param makeContext creates a context, for the opening and for each event; each has its own `now`
   */
  subscribe(question: Question, follower: Follower, makeContext: (slot?: Slot) => Context): Promise<Opened>
}

const queueOptions = {
  /** Low, so that an event for all streams leaves database connections to queries. */
  slots: 3,
  /** Includes events that wait for the payment provider. */
  perCaller: 3,
  /** The maximum number of open streams. Each stream has at most one waiting event. */
  waiting: 10_000,
}

/** A response with one of these codes ends the stream. */
const refusals = new Set<unknown>(['UNAUTHENTICATED', 'ACCOUNT_DISABLED', 'FORBIDDEN'])

/** Creates the executor of subscriptions, with the limits and error codes that Apollo applies to queries and mutations. */
export function createSubscriber({ schema, production, onMasked }: SubscriberOptions): Subscriber {
  const rules = [
    ...specifiedRules,
    ...limitRules,
    limitRecursiveSelections,
    ...(production ? [refuseIntrospection] : []),
  ]
  const formatError = createFormatError({ production, onMasked })
  const queue = createFairQueue(queueOptions)

  function format(errors: readonly GraphQLError[], requestId: string, code?: string): GraphQLFormattedError[] {
    return errors.map((error) => {
      rememberRequest(error, requestId)
      const formatted = { ...error.toJSON(), extensions: { ...error.extensions, code: error.extensions.code ?? code } }
      return formatError(formatted, error)
    })
  }

  /** Parses the request. @throws GraphQLError with a code if it is not a subscription */
  function read({ query, operationName }: Question): readonly [DocumentNode, OperationDefinitionNode] {
    const document = parseCoded(query)
    const operation = getOperationAST(document, operationName)
    if (!operation)
      throw coded('OPERATION_RESOLUTION_FAILURE', 'Set operationName to the name of one of the operations.')
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) return [document, operation]
    throw coded('BAD_REQUEST', `Only subscriptions are accepted here. Send a ${operation.operation} to POST /graphql.`)
  }

  return {
    async subscribe(question, { requestId, caller, gone }, makeContext) {
      let document: DocumentNode, operation: OperationDefinitionNode
      try {
        ;[document, operation] = read(question)
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error
        return { kind: 'not_a_subscription', errors: format([error], requestId) }
      }
      const faults = validate(schema, document, rules, {
        maxErrors: limits.validationErrors,
        hideSuggestions: production,
      })
      if (faults.length > 0) {
        return opened(singleAnswer({ errors: format(faults, requestId, 'GRAPHQL_VALIDATION_FAILED') }))
      }

      const executionArgs = {
        schema,
        document,
        variableValues: question.variables,
        operationName: question.operationName,
        options: { maxCoercionErrors: limits.coercionErrors },
      }
      const first = makeContext()
      const charge = async () => chargeCost(costOf(schema, document, operation, question.variables), first)
      const refused = await charge().catch(refusalOf)
      if (refused) return opened(singleAnswer({ errors: format([refused], requestId) }))

      const source = await createSourceEventStream({ ...executionArgs, contextValue: first })
      if (!(Symbol.asyncIterator in source)) {
        const errors = format(source.errors ?? [], requestId, 'BAD_USER_INPUT')
        const unavailable = errors.some(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE')
        return unavailable ? { kind: 'unavailable', errors } : opened(singleAnswer({ errors }))
      }

      const answer = async (event: unknown, slot: Slot): Promise<Answer> => {
        const { data, errors } = await execute({ ...executionArgs, rootValue: event, contextValue: makeContext(slot) })
        return { data, ...(errors && { errors: format(errors, requestId) }) }
      }
      const answerInQueue = (event: unknown, ended: AbortSignal) =>
        queue
          .run(caller, ended, (slot) => answer(event, slot))
          .catch((error: unknown) => {
            if (!(error instanceof QueueFull)) throw error
            return { data: null, errors: format([busy()], requestId) }
          })
      return opened(answerEach(source, answerInQueue, gone))
    },
  }
}

const opened = (answers: Answers): Opened => ({ kind: 'opened', answers })

/** Returns a stream of one response. Clients of the protocol expect a refusal as an event. */
function singleAnswer(answer: Answer): Answers {
  const rest = [answer]
  return {
    next: () => {
      const value = rest.shift()
      return Promise.resolve(value ? { done: false, value } : { done: true, value: undefined })
    },
    return: () => Promise.resolve({ done: true, value: undefined }),
  }
}

/** Answers each event of a source until it ends, the client disconnects or a response refuses access. */
function answerEach(
  source: AsyncIterable<unknown>,
  answer: (event: unknown, ended: AbortSignal) => Promise<Answer>,
  gone: AbortSignal,
): Answers {
  const events = source[Symbol.asyncIterator]()
  const ending = new AbortController()
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    ending.abort()
    await events.return?.()
    return { done: true, value: undefined }
  }
  if (gone.aborted) ending.abort()
  else gone.addEventListener('abort', () => ending.abort(), { once: true })
  return {
    next: async () => {
      if (ending.signal.aborted) return end()
      const event = await events.next()
      if (event.done) return end()
      const value = await answer(event.value, ending.signal).catch((error: unknown) => {
        if (error instanceof Dropped) return null
        throw error
      })
      if (value === null) return end()
      if (value.errors?.some(({ path, extensions }) => path?.length === 1 && refusals.has(extensions?.code)))
        await end()
      return { done: false, value }
    },
    return: end,
  }
}

function parseCoded(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: limits.tokens })
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const { message, source, positions } = error
    throw new GraphQLError(message, { source, positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } })
  }
}

/** Returns a refusal. @throws any other error */
function refusalOf(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error
  throw error
}

const busy = () => new CodedError('SERVICE_UNAVAILABLE', 'The server is too busy for this stream. Try again.')

const coded = (code: string, message: string): GraphQLError => new GraphQLError(message, { extensions: { code } })
