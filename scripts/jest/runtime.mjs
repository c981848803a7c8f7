import { createRequire, register } from 'node:module'
import { pathToFileURL } from 'node:url'

// jest's own runtime evaluates every module anew for each test file, in a context of its own: for the server 2.3 s of CPU, most of it
// packages. Here Node.js imports, so a worker evaluates each package once. Our own modules are still each file's own where a test may
// count on their state (hooks.mjs). tsx compiles. What is not here (mocks of modules, coverage) no test of ours uses.

const require = createRequire(import.meta.url)
/** In the process that runs the tests, by key: what jest's framework keeps, and what globals.mjs hands to the test file. */
const shared = /** @type {Record<symbol, unknown>} */ (/** @type {unknown} */ (globalThis))
const timeout = Symbol.for('TEST_TIMEOUT_SYMBOL')

/** How many test files this process has begun. */
let files = 0

export default class NativeRuntime {
  #environment

  /**
   * @param {unknown} _config
   * @param {import('./environment.mjs').default} environment
   */
  constructor(_config, environment) {
    if (files === 0) register('./hooks.mjs', import.meta.url)
    files += 1
    this.#environment = environment
  }

  /**
   * Loads the framework, anew for each file: it keeps the tests of the file and what listens to them.
   *
   * @param {string} file
   * @returns {unknown}
   */
  requireInternalModule(file) {
    for (const loaded of Object.keys(require.cache)) {
      if (/[/\\]jest-circus[/\\]/.test(loaded)) Reflect.deleteProperty(require.cache, loaded)
    }
    for (const kept of [timeout, Symbol.for('EVENT_HANDLERS')]) Reflect.deleteProperty(shared, kept)
    return require(file)
  }

  /**
   * @param {string} file
   * @returns {unknown}
   */
  requireModule(file) {
    return require(file)
  }

  unstable_shouldLoadAsEsm() {
    return true
  }

  /**
   * @param {string} file
   * @returns {Promise<unknown>}
   */
  unstable_importModule(file) {
    const { href } = pathToFileURL(file)
    return import(`${href}?file=${files}`)
  }

  /** @param {object} globals */
  setGlobalsForRuntime(globals) {
    shared[Symbol.for('gatepost.jest')] = { ...globals, jest: this.#jest() }
  }

  /** The part of the `jest` object that needs no runtime of jest's own. */
  #jest() {
    const { moduleMocker: mocker, fakeTimersModern: timers } = this.#environment
    return {
      fn: mocker.fn.bind(mocker),
      spyOn: mocker.spyOn.bind(mocker),
      restoreAllMocks: () => mocker.restoreAllMocks(),
      useFakeTimers: timers.useFakeTimers.bind(timers),
      useRealTimers: () => timers.useRealTimers(),
      advanceTimersByTime: timers.advanceTimersByTime.bind(timers),
      advanceTimersByTimeAsync: timers.advanceTimersByTimeAsync.bind(timers),
      getTimerCount: () => timers.getTimerCount(),
      /** @param {number} milliseconds */
      setTimeout: (milliseconds) => void (shared[timeout] = milliseconds),
    }
  }

  enterTestCode() {}
  leaveTestCode() {}
  teardown() {}
  getAllCoverageInfoCopy() {}

  /** @returns {Map<string, string>} */
  getSourceMaps() {
    return new Map()
  }
}
