import { freePorts } from './free-ports.mjs'

/** The settings of ports with a default, on which a process listens or to which it connects. */
export const portSettings = /** @type {const} */ ([
  'PORT',
  'SITE_PORT',
  'IDENTITY_PORT',
  'PAYMENTS_PORT',
  'DATABASE_PORT',
])

/**
 * Returns a free port for each of these settings, so that a process of a test does not use the ports of `npm start`.
 *
 * @param {Partial<Record<(typeof portSettings)[number], string>>} [given] ports that the test has chosen
 * @returns {Promise<Record<(typeof portSettings)[number], string>>}
 */
export async function ownPorts(given = {}) {
  const ports = await freePorts(portSettings.length)
  const free = Object.fromEntries(portSettings.map((name, index) => [name, String(ports[index])]))
  return /** @type {Record<(typeof portSettings)[number], string>} */ ({ ...free, ...given })
}
