import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'

/** The part of an IPv6 address that names a network. Everybody behind it can choose the rest. */
const networkBytes = 8
/** Longer than any address. A proxy that is believed may still have copied anything. */
const longestUnknown = 64

/**
 * Returns what an address counts as for limits: an IPv4 address itself, also where it is mapped into IPv6, and the /64 network of
 * an IPv6 address.
 */
export function callerAddress(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip.slice(0, longestUnknown).toLowerCase()
  const address = ipaddr.process(ip)
  if (address.kind() === 'ipv4') return address.toString()
  const bytes = address.toByteArray().map((byte, index) => (index < networkBytes ? byte : 0))
  return ipaddr.fromByteArray(bytes).toString()
}

/** Returns the key under which requests and streams count together: the member of a verified token, else the address. */
export const callerOf = ({ identity, ip }: FastifyRequest): string =>
  identity ? `m:${identity.issuer} ${identity.subject}` : `a:${callerAddress(ip)}`
