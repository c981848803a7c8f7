/** Where the product under test is. */
export interface Stack {
  readonly api: string
  readonly site: string
  /** The same site under another host name, to which the identity provider is a third party. */
  readonly elsewhere: string
  readonly identity: string
  readonly databaseUrl: string
  /** The folder of the built site. */
  readonly built: string
  /** What `npm start` and its children wrote so far. */
  readonly log: string
}

export const stack = JSON.parse(process.env.GATEPOST_TEST_STACK ?? '{}') as Stack
