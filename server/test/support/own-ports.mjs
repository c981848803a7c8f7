import { freePorts } from './free-ports.mjs'

/** Each setting of a port that has a default: what a started process listens on, or goes to. */
export const portSettings = /** @type {const} */ ([
  'PORT',
  'SITE_PORT',
  'IDENTITY_PORT',
  'PAYMENTS_PORT',
  'DATABASE_PORT',
])

/**
 * The settings of a process that a test starts: a free port for each default, so that it neither meets nor uses what
 * `npm start` runs on this machine.
 *
 * @param {Partial<Record<(typeof portSettings)[number], string>>} [given] ports that the test has chosen
 * @returns {Promise<Record<(typeof portSettings)[number], string>>}
 */
export async function ownPorts(given = {}) {
  const ports = await freePorts(portSettings.length)
  const free = Object.fromEntries(portSettings.map((name, index) => [name, String(ports[index])]))
  return /** @type {Record<(typeof portSettings)[number], string>} */ ({ ...free, ...given })
}
