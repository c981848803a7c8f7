import type { FastifyRequest } from 'fastify'
import { callerAddress } from './caller-address.ts'

/** Returns whose requests and streams count together: a member's where a token was verified, else an address's. */
export const callerOf = ({ identity, ip }: FastifyRequest): string =>
  identity ? `m:${identity.issuer} ${identity.subject}` : `a:${callerAddress(ip)}`
