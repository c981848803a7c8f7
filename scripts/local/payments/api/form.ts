import { refused, StripeProblem } from '../problem.ts'

/** Unchecked parameters: text and nested objects. A list is an object with numbers as keys. */
export interface Raw {
  [name: string]: string | Raw
}

/** The maximum depth of nesting. */
const maxDepth = 8

/**
 * Parses form encoding with brackets, `items[0][price]=…`, of a body or a query.
 *
 * @throws StripeProblem 400 for a malformed name
 */
export function parseForm(text: string): Raw {
  const root = empty()
  for (const [name, value] of new URLSearchParams(text)) put(root, name, value)
  return root
}

// Without a prototype, names such as `__proto__` have no special meaning.
const empty = (): Raw => Object.create(null) as Raw

function put(root: Raw, name: string, value: string): void {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name)
  if (!match) throw unreadable(name)
  const path = [match[1] ?? '', ...[...(match[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map(([, key]) => key ?? '')]
  if (path.length > maxDepth) throw unreadable(name)
  // No parameter has this name, and later code would set a prototype.
  if (path.includes('__proto__')) throw unknown(name)
  let target = root
  for (const key of path.slice(0, -1)) {
    const at = key === '' ? String(Object.keys(target).length) : key
    const inner = (target[at] ??= empty())
    if (typeof inner === 'string') throw unreadable(name)
    target = inner
  }
  const last = path.at(-1) ?? ''
  const at = last === '' ? String(Object.keys(target).length) : last
  if (typeof target[at] === 'object') throw unreadable(name)
  target[at] = value
}

const unreadable = (name: string) =>
  refused(`Received a parameter that cannot be read: ${name.slice(0, 100)}`, name.slice(0, 100))

const unknown = (param: string) =>
  new StripeProblem(
    400,
    {
      type: 'invalid_request_error',
      code: 'parameter_unknown',
      message: `Received unknown parameter: ${param}`,
      param,
    },
    true,
  )
