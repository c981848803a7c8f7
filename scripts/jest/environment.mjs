import { ModernFakeTimers } from '@jest/fake-timers'
import { ModuleMocker } from 'jest-mock'

/**
 * Runs tests in Node.js itself instead of a VM context (runtime.mjs). The globals that jest sets for a file are removed after it.
 */
export default class NativeEnvironment {
  global = globalThis
  moduleMocker = new ModuleMocker(globalThis)
  fakeTimers = null
  #exit = process.exit.bind(process)
  #console = globalThis.console
  #env = { ...process.env }

  /** @param {import('@jest/environment').JestEnvironmentConfig} config */
  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis })
  }

  async setup() {
    // jest's hook handles only source maps of its own compiler. Here tsx compiles, and Node.js reads its maps.
    Reflect.deleteProperty(Error, 'prepareStackTrace')
  }

  /**
   * Ends the file after the first failure, for `npm run guards`.
   *
   * @param {import('@jest/types').Circus.Event} event
   */
  handleTestEvent(event) {
    const failed = event.name === 'test_done' && event.test.errors.length > 0
    if (failed && process.env.GATEPOST_TEST_FAIL_FAST) this.#exit(1)
  }

  async teardown() {
    this.fakeTimersModern.dispose()
    this.moduleMocker.restoreAllMocks()
    process.exit = this.#exit
    globalThis.console = this.#console
    for (const name of Object.keys(process.env)) if (!(name in this.#env)) delete process.env[name]
    Object.assign(process.env, this.#env)
  }

  getVmContext() {
    return null
  }

  exportConditions() {
    return ['node', 'node-addons']
  }
}
