/** A group of guards, and the tests that should fail when one of them is removed. */
interface Area {
  readonly name: string
  readonly files: readonly string[]
  /** Groups of tests, the fastest first. A group runs only if the previous one passes. */
  readonly tests: readonly (readonly string[])[]
}

const membership = 'server/src/membership'
const catalogue = 'server/src/catalogue'
const auth = 'server/src/auth'

export const areas: readonly Area[] = [
  {
    name: 'the access decision (decideAccess and its input)',
    files: [
      ...['entitlement', 'decide', 'requirement/resolve', 'refusal', 'live/next-boundary'].map(
        (file) => `${membership}/${file}.ts`,
      ),
      `${catalogue}/catalogue.ts`,
    ],
    tests: [
      [
        `${membership}/(entitlement|decide|requirement/resolve|refusal|live/next-boundary)\\.test`,
        `${catalogue}/catalogue\\.test`,
      ],
      [`${membership}/(entitlement\\.properties|states)\\.test`],
    ],
  },
  {
    name: 'the grant and the door',
    files: [
      `${membership}/grant.ts`,
      'server/src/content/paid-text/queries.ts',
      'server/src/content/reading/queries.ts',
    ],
    tests: [
      [`${membership}/grant.test`],
      ['server/test/(door|reading|reading-while-publishing|pagination|cursors)\\.test'],
    ],
  },
  {
    name: 'the token',
    files: [
      ...[
        'verify-token',
        'header-checks',
        'claim-checks',
        'decode-token',
        'bearer-token',
        'token-identity',
        'verified-tokens',
      ].map((file) => `${auth}/token/${file}.ts`),
      'server/src/lib/json.ts',
    ],
    tests: [
      [`${auth}/token/verify-token\\.test`, 'server/src/lib/json\\.test'],
      [`${auth}/(token/explain-token|token/bearer-token|index)\\.test`],
    ],
  },
  {
    name: 'the issuer’s keys',
    files: [`${auth}/keys/key-set.ts`],
    tests: [[`${auth}/(keys/key-set|index)\\.test`]],
  },
  {
    name: 'the rules of the fields',
    files: ['content', 'members', 'catalogue', 'membership', 'billing'].map((room) => `server/src/${room}/rules.ts`),
    tests: [
      ['server/test/permission-rule\\.test'],
      [
        'server/test/(personas|members-only|bookmarked|staff-memberships|billing-gifts|stream|http-tokens|why-access)\\.test',
      ],
    ],
  },
  {
    name: 'no field without a rule, no gated field that cannot be null',
    files: ['server/src/graphql/permissions.ts', 'server/src/graphql/streams/subscriptions.ts'],
    tests: [
      ['server/src/graphql/(permissions|streams/subscriptions|schema)\\.test'],
      ['server/test/unguarded-start\\.test'],
    ],
  },
]
