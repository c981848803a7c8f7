import { SettingsError } from '../server/src/env.ts'
import { CodedError } from '../server/src/lib/errors.ts'

/** What a script has to say instead of doing its work: one line, no stack. */
export class ScriptError extends Error {}

/** Runs a script's work; what goes wrong is one line on standard error and exit code 1. */
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
