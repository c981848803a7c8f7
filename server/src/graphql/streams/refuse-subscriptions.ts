import { GraphQLError, OperationTypeNode, type ASTVisitor, type ValidationContext } from 'graphql'

/** The path of subscriptions. */
export const streamPath = '/graphql/stream'

/**
 * Validation rule of `/graphql`. Without it a subscription would be executed like a query: once, without `subscribe` and its rule.
 */
export function refuseSubscriptions(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (node.operation !== OperationTypeNode.SUBSCRIPTION) return
      context.reportError(new GraphQLError(`Send subscriptions to POST ${streamPath}.`, { nodes: node }))
    },
  }
}
