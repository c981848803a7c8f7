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
import { createFairQueue, Dropped, QueueFull, type Turn } from '../lib/fair-queue.ts'
import { CodedError } from '../lib/errors.ts'
import type { Context } from './context-types.ts'
import { chargeCost, costOf } from './cost.ts'
import { createFormatError, rememberRequest, type ErrorSink } from './format-error.ts'
import { refuseIntrospection } from './introspection.ts'
import { limitRules, limits } from './limits.ts'
import { limitRecursiveSelections } from './recursive-selections.ts'

/** What a client asks, as it came. */
export interface Question {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>> | undefined
  readonly operationName: string | undefined
}

/** One answer, as it is sent. */
export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined
  readonly errors?: readonly GraphQLFormattedError[] | undefined
}

export type Answers = AsyncIterator<Answer, undefined>

/** What became of a question: answers to come; or no subscription (400); or one that cannot be answered now (503). */
export type Opened =
  | { readonly kind: 'opened'; readonly answers: Answers }
  | { readonly kind: 'not_a_subscription' | 'unavailable'; readonly errors: readonly GraphQLFormattedError[] }

export interface SubscriberOptions {
  /** The guarded one. */
  readonly schema: GraphQLSchema
  /** Production: no introspection, no hints at names. */
  readonly production: boolean
  readonly onMasked: ErrorSink
}

/** Who opens a subscription. */
export interface Follower {
  readonly requestId: string
  /** Whose streams take turns together: a member, or an address. */
  readonly caller: string
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal
}

export interface Subscriber {
  /**
   * Opens a subscription. It is judged when it opens, and anew before each event.
   *
   * @param makeContext makes a fresh context, called for the opening and for each event: each has one `now` of its own
   */
  subscribe(question: Question, follower: Follower, makeContext: (turn?: Turn) => Context): Promise<Opened>
}

const turns = {
  /** Of all streams of this process: an event that concerns everybody must leave the database's connections to readers. */
  slots: 3,
  /** Events of one caller that are being answered, those that wait for the payment provider included. */
  ofOneCaller: 3,
  /** One for each stream that may be open. A stream has one event waiting at most, and none once its client has gone. */
  waiting: 10_000,
}

/** Who is refused is refused from then on: such an answer is a stream's last. */
const refusals = new Set<unknown>(['UNAUTHENTICATED', 'ACCOUNT_DISABLED', 'FORBIDDEN'])

/** What Apollo is for queries and mutations: the same limits, the same errors. */
export function createSubscriber({ schema, production, onMasked }: SubscriberOptions): Subscriber {
  const rules = [
    ...specifiedRules,
    ...limitRules,
    limitRecursiveSelections,
    ...(production ? [refuseIntrospection] : []),
  ]
  const formatError = createFormatError({ production, onMasked })
  const queue = createFairQueue(turns)

  function format(errors: readonly GraphQLError[], requestId: string, code?: string): GraphQLFormattedError[] {
    return errors.map((error) => {
      rememberRequest(error, requestId)
      const shown = { ...error.toJSON(), extensions: { ...error.extensions, code: error.extensions.code ?? code } }
      return formatError(shown, error)
    })
  }

  /** @throws GraphQLError with a code: it is no subscription */
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
      if (faults.length > 0) return opened(only({ errors: format(faults, requestId, 'GRAPHQL_VALIDATION_FAILED') }))

      const asked = {
        schema,
        document,
        variableValues: question.variables,
        operationName: question.operationName,
        options: { maxCoercionErrors: limits.coercionErrors },
      }
      const first = makeContext()
      const charge = async () => chargeCost(costOf(schema, document, operation, question.variables), first)
      const refused = await charge().catch(refusalOf)
      if (refused) return opened(only({ errors: format([refused], requestId) }))

      const source = await createSourceEventStream({ ...asked, contextValue: first })
      if (!(Symbol.asyncIterator in source)) {
        const errors = format(source.errors ?? [], requestId, 'BAD_USER_INPUT')
        const unavailable = errors.some(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE')
        return unavailable ? { kind: 'unavailable', errors } : opened(only({ errors }))
      }

      const answer = async (event: unknown, turn: Turn): Promise<Answer> => {
        const { data, errors } = await execute({ ...asked, rootValue: event, contextValue: makeContext(turn) })
        return { data, ...(errors && { errors: format(errors, requestId) }) }
      }
      const inTurn = (event: unknown, ended: AbortSignal) =>
        queue
          .run(caller, ended, (turn) => answer(event, turn))
          .catch((error: unknown) => {
            if (!(error instanceof QueueFull)) throw error
            return { data: null, errors: format([busy()], requestId) }
          })
      return opened(answersTo(source, inTurn, gone))
    },
  }
}

const opened = (answers: Answers): Opened => ({ kind: 'opened', answers })

/** A refusal comes as an event like any other, and is the last: clients of the protocol read no other kind of answer. */
function only(answer: Answer): Answers {
  const rest = [answer]
  return {
    next: () => {
      const value = rest.shift()
      return Promise.resolve(value ? { done: false, value } : { done: true, value: undefined })
    },
    return: () => Promise.resolve({ done: true, value: undefined }),
  }
}

function answersTo(
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

/** @throws what is no refusal */
function refusalOf(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error
  throw error
}

const busy = () => new CodedError('SERVICE_UNAVAILABLE', 'The server is too busy for this stream. Try again.')

const coded = (code: string, message: string): GraphQLError => new GraphQLError(message, { extensions: { code } })
