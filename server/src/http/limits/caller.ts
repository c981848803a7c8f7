import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'

/** The bytes of an IPv6 address that name its network. A host can choose the others. */
const networkBytes = 8
/** Longer than any address. A trusted proxy may still forward an arbitrary string. */
const longestUnknown = 64

/**
 * Returns the key of an address for limits: an IPv4 address itself, even if it is mapped into IPv6, or the /64 network of an IPv6
 * address.
 */
export function callerAddress(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip.slice(0, longestUnknown).toLowerCase()
  const address = ipaddr.process(ip)
  if (address.kind() === 'ipv4') return address.toString()
  const bytes = address.toByteArray().map((byte, index) => (index < networkBytes ? byte : 0))
  return ipaddr.fromByteArray(bytes).toString()
}

/** Returns the key of a caller for requests and streams: the member of a verified token, else the address. */
export const callerOf = ({ identity, ip }: FastifyRequest): string =>
  identity ? `m:${identity.issuer} ${identity.subject}` : `a:${callerAddress(ip)}`
