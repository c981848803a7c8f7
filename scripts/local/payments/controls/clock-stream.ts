import type { ServerResponse } from 'node:http'
import { newId } from '../state/ids.ts'

/** The time limit for the acknowledgement of a listener, in milliseconds. */
const acknowledgeTimeoutMs = 2_000

interface Listener {
  readonly response: ServerResponse
  acknowledged: number
}

/** The listeners of the clock. Each gets a line of JSON when it connects, and one for each move. */
export class ClockStream {
  #sequence = 0
  readonly #listeners = new Map<string, Listener>()
  readonly #waiting = new Set<() => void>()

  listen(response: ServerResponse, offsetMilliseconds: number): void {
    const id = newId('listener', 24)
    const listener: Listener = { response, acknowledged: this.#sequence }
    response.writeHead(200, {
      'content-type': 'application/x-ndjson',
      'cache-control': 'no-store',
      // Some proxies would buffer the lines.
      'x-accel-buffering': 'no',
    })
    this.#listeners.set(id, listener)
    response.on('close', () => {
      this.#listeners.delete(id)
      this.#wake()
    })
    this.#write(id, listener, offsetMilliseconds)
  }

  acknowledge(id: string, sequence: number): boolean {
    const listener = this.#listeners.get(id)
    if (!listener) return false
    listener.acknowledged = Math.max(listener.acknowledged, Math.min(sequence, this.#sequence))
    this.#wake()
    return true
  }

  /** Sends a new offset and waits until all listeners have acknowledged it, at most 2 seconds. */
  async announce(offsetMilliseconds: number): Promise<void> {
    this.#sequence += 1
    const sequence = this.#sequence
    for (const [id, listener] of this.#listeners) this.#write(id, listener, offsetMilliseconds)
    const heard = () => [...this.#listeners.values()].every((one) => one.acknowledged >= sequence)
    if (heard()) return
    await new Promise<void>((resolve) => {
      const check = () => {
        if (!heard()) return
        clearTimeout(timer)
        this.#waiting.delete(check)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(check)
        resolve()
      }, acknowledgeTimeoutMs)
      this.#waiting.add(check)
    })
  }

  close(): void {
    for (const { response } of this.#listeners.values()) response.end()
  }

  #write(listener: string, { response }: Listener, offsetMilliseconds: number): void {
    response.write(`${JSON.stringify({ listener, sequence: this.#sequence, offsetMilliseconds })}\n`)
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check()
  }
}
