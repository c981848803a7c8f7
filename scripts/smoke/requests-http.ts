import type { Call } from './call.ts'
import type { Answer, CallResult } from './run-calls.ts'

const head = `# Every operation of the API with its answer, with and without token. For VS Code's REST Client and for JetBrains' HTTP client.
# \`npm run smoke\` makes the same calls and checks the answers; \`npm run smoke -- --write\` writes this file from
# scripts/smoke/calls.ts, so change it there. Long texts of the answers are cut (…).

@api = http://localhost:4000
@site = http://localhost:8000

# Tokens: put in what this prints (bash), for as long as you try things out; never commit them. They last a day.
#   for who in reader subscriber patron lapsed pastdue disabled editor newcomer; do
#     echo "@$who = $(npm run --silent token -- --as $who)"; done 2>/dev/null
#   echo "@program = $(npm run --silent token -- --program)"
# And of --as reader with one thing wrong:
#   for flaw in expired wrong-audience wrong-issuer forged unsigned; do
#     echo "@$flaw = $(npm run --silent token -- --as reader --$flaw)"; done 2>/dev/null
`

/** Returns the text of requests.http. */
export function renderRequests(results: readonly CallResult[]): string {
  const callers = [...new Set(results.flatMap(({ call }) => variableOf(call) ?? []))]
  const remembered = results.flatMap(({ call }) =>
    Object.entries(call.remembers).map(
      ([name, place]) => `@${name} = {{${requestName(call)}.response.body.$.${place}}}`,
    ),
  )
  return [
    head,
    ...callers.map((name) => `@${name} = paste-a-token`),
    '',
    '# From earlier answers: send those requests first. In JetBrains’ client put the value itself here.',
    ...remembered,
    '',
    results.map(({ call, answer }) => renderCall(call, answer)).join('\n'),
  ].join('\n')
}

/** Returns a call as text: its title, the response as a comment, and the request. */
function renderCall(call: Call, answer: Answer | null): string {
  const variable = variableOf(call)
  const body =
    call.graphql &&
    JSON.stringify(call.graphql)
      .replace(/^\{"query":/, '{"query": ')
      .replace(',"variables":', ', "variables": ')
  return [
    `### ${call.name}`,
    `# ${call.status}${answer === null ? ' (sent in production only)' : answer.body === null ? ', no body' : ''}`,
    ...telling(call).flatMap((name) => (answer?.headers[name] ? `# ${name}: ${answer.headers[name]}` : [])),
    ...(answer?.body ? laidOut(shortened(answer.body)).map((line) => `# ${line}`) : []),
    `# @name ${requestName(call)}`,
    `${call.method} {{api}}${call.path}`,
    ...Object.entries(call.headers).map(([name, value]) => `${name}: ${value}`),
    ...(variable ? [`authorization: Bearer {{${variable}}}`] : []),
    '',
    ...(body ? [body, ''] : []),
  ].join('\n')
}

/** Returns the headers that the call checks. */
const telling = ({ finds }: Call): string[] =>
  Object.keys(finds).flatMap((place) => (place.startsWith('headers.') ? place.slice('headers.'.length) : []))

function variableOf({ as }: Call): string | null {
  return as === null || typeof as === 'string' ? as : as.flawed
}

/** Returns a name of letters and digits, as clients require: `theFirstPage` for `The first page`. */
function requestName({ name }: Call): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return words.map((word, index) => (index === 0 ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`)).join('')
}

const longestText = 90

function shortened(value: unknown): unknown {
  if (typeof value === 'string') {
    if (value.length <= longestText) return value
    // The end of a long text shows whether the whole article was returned.
    return `${value.slice(0, 40)} … ${value.slice(-(longestText - 43))}`
  }
  if (Array.isArray(value)) return value.map(shortened)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortened(inner)]))
}

const width = 118

/** Formats JSON. A value that fits stays on one line. */
function laidOut(value: unknown, indent = '', label = ''): string[] {
  const whole = `${indent}${label}${oneLine(value)}`
  if (whole.length <= width || typeof value !== 'object' || value === null) return [whole]
  const isList = Array.isArray(value)
  const inner = Object.entries(value).map(([name, each]) => laidOut(each, `${indent}  `, isList ? '' : `"${name}": `))
  const parts = inner.map((lines, index) =>
    index < inner.length - 1 ? [...lines.slice(0, -1), `${lines.at(-1)},`] : lines,
  )
  return [`${indent}${label}${isList ? '[' : '{'}`, ...parts.flat(), `${indent}${isList ? ']' : '}'}`]
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([name, each]) => `"${name}": ${oneLine(each)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}
