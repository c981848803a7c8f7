// Defaults outside production: the local database, the local identity provider and the local payment provider. Production has none.

export const localPorts = { identity: 4001, payments: 4002, database: 4003, site: 8000 } as const

export const localAudience = 'https://api.gatepost.test'
export const localClientId = 'gatepost-site'
export const localDatabaseName = 'gatepost'
/** Not secret: they are accepted only by the local payment provider, which listens on loopback. */
export const localSecretKey = 'sk_test_gatepost_local'
export const localWebhookSecret = 'whsec_gatepost_local'

export const localDatabaseUrl = (port: number): string => `postgresql://postgres@127.0.0.1:${port}/${localDatabaseName}`
export const localSiteUrl = (port: number): string => `http://localhost:${port}`
/** As in the `iss` of its tokens. */
export const localIssuer = (port: number): string => `http://localhost:${port}/`
export const localPaymentsUrl = (port: number): URL => new URL(`http://127.0.0.1:${port}`)
