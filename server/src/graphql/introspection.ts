import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql'

/** The published schema is in the repository (schema.graphql); a production server does not hand it out. */
export function refuseIntrospection(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (node.name.value === '__schema' || node.name.value === '__type') {
        context.reportError(new GraphQLError('Introspection is not available.', { nodes: node }))
      }
    },
  }
}
