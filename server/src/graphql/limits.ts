import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives'
import { GraphQLError, Kind, type ASTVisitor, type ValidationContext, type ValidationRule } from 'graphql'

/** How large a question may be. Names of `__schema` do not count towards the depth: a full introspection is 15 deep. */
export const limits = {
  depth: 12,
  aliases: 15,
  directives: 10,
  fragments: 30,
  /** How often the same field may stand in one selection: it costs its work each time it is merged. */
  repeats: 10,
  tokens: 1000,
  /** Fields after all fragments are spread. */
  recursiveSelections: 500,
  validationErrors: 5,
  /** Errors about variables; one more says that there were more. */
  coercionErrors: 4,
  queryBytes: 20_000,
  /** Articles that the lists of one answer ask for together. */
  rows: 300,
  /** Points of the caller's rate that one operation may cost (cost.ts). */
  cost: 10,
  /** Characters of the long texts of one answer: previews and bodies. */
  text: 300_000,
} as const

/** Fragments, one field asked for again and again, and a kind of operation that there is not: executed, it would be our 500. */
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

/** The library would throw out of the validation, which is a 500; a question that is too large is the asker's 400. */
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
