import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql'

/** Validation rule for production. The schema is published in the repository (schema.graphql). */
export function refuseIntrospection(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (node.name.value === '__schema' || node.name.value === '__type') {
        context.reportError(new GraphQLError('Introspection is not available.', { nodes: node }))
      }
    },
  }
}
