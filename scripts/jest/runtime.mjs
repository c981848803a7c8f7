import { createRequire, register } from 'node:module'
import { pathToFileURL } from 'node:url'

// jest's default runtime evaluates every module again for each test file in a VM context. For the server that takes 2.3 s of CPU time,
// mostly for packages. This runtime imports with Node.js, so a worker evaluates each package once. Modules with state are still loaded
// for each file (hooks.mjs). tsx compiles. Mocks of modules and coverage are not supported, and no test uses them.

const require = createRequire(import.meta.url)
/** The global object, which holds the state of jest's framework and the exports of globals.mjs. */
const shared = /** @type {Record<symbol, unknown>} */ (/** @type {unknown} */ (globalThis))
const timeout = Symbol.for('TEST_TIMEOUT_SYMBOL')

/** The number of test files that this process has started. */
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
   * Loads the framework again for each file, because it holds the file's tests and listeners.
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
