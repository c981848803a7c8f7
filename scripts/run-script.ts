import { SettingsError } from '../server/src/env.ts'
import { CodedError } from '../server/src/lib/errors.ts'

/** An expected failure of a script. Its message is printed without a stack. */
export class ScriptError extends Error {}

/** Runs a script. An error is printed to standard error, and the exit code is 1. */
export async function runScript(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const expected = error instanceof ScriptError || error instanceof SettingsError || error instanceof CodedError
    const text = error instanceof Error ? error.message : String(error)
    process.stderr.write(`${expected ? text : text.trim().split('\n').at(-1)}\n`)
    process.exitCode = 1
  }
}
