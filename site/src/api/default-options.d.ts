import '@apollo/client'

// What client.ts sets for all operations, told to the types: data and errors come together.
declare module '@apollo/client' {
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface Query {
        errorPolicy: 'all'
      }
      interface WatchQuery {
        errorPolicy: 'all'
      }
      interface Mutate {
        errorPolicy: 'all'
      }
    }
  }
}
