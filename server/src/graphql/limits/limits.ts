import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives'
import { GraphQLError, Kind, type ASTVisitor, type ValidationContext, type ValidationRule } from 'graphql'

/** Limits on the size of an operation. Introspection fields do not count towards the depth: a full introspection is 15 levels deep. */
export const limits = {
  depth: 12,
  aliases: 15,
  directives: 10,
  fragments: 30,
  /** How often the same field may occur in one selection. Each repetition takes time to merge. */
  repeats: 10,
  tokens: 1000,
  /** Selected fields after all fragments are expanded. */
  recursiveSelections: 500,
  validationErrors: 5,
  /** Errors about variables. One further error states that there were more. */
  coercionErrors: 4,
  queryBytes: 20_000,
  /** Articles in all lists of one response together. */
  rows: 300,
  /** Cost of one operation, in points of the caller's rate limit (cost.ts). */
  cost: 10,
  /** Total length of the previews and bodies in one response, in characters. */
  text: 300_000,
} as const

/**
 * Limits fragments and repeated fields. It also refuses an operation type that the schema lacks, which would cause a 500 when executed.
 */
function repeatsAndFragments(context: ValidationContext): ASTVisitor {
  let fragments = 0
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation)) return
      context.reportError(
        new GraphQLError(`The schema has no operations of the type ${node.operation}.`, { nodes: node }),
      )
    },
    FragmentDefinition(node) {
      fragments += 1
      if (fragments === limits.fragments + 1) {
        context.reportError(
          new GraphQLError(`The document has more than ${limits.fragments} fragments.`, { nodes: node }),
        )
      }
    },
    SelectionSet(node) {
      const counts = new Map<string, number>()
      for (const selection of node.selections) {
        const key = selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : `... ${selection.kind}`
        const count = (counts.get(key) ?? 0) + 1
        counts.set(key, count)
        if (count === limits.repeats + 1) {
          context.reportError(
            new GraphQLError(`The same field is selected more than ${limits.repeats} times.`, { nodes: node }),
          )
        }
      }
    },
  }
}

/** Reports a violation as a validation error (400). By default graphql-armor throws, which causes a 500. */
const reported = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError) => {
      context?.reportError(new GraphQLError(error.message.replace(/^Syntax Error: /, '')))
    },
  ],
}

export const limitRules: readonly ValidationRule[] = [
  maxDepthRule({ n: limits.depth, ignoreIntrospection: true, flattenFragments: true, ...reported }),
  maxAliasesRule({ n: limits.aliases, allowList: [], ...reported }),
  maxDirectivesRule({ n: limits.directives, ...reported }),
  repeatsAndFragments,
]
