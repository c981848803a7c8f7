import { expect, test } from '@jest/globals'
import { prepareArticle } from './prepare.ts'

const frontMatter = '---\ntitle: T\nslug: t\nauthor: A\nvisibility: public\nstatus: draft\n---\n'

/** Measures CPU time in milliseconds. */
function cpuOf(markdown: string): number {
  const bytes = Buffer.from(frontMatter + markdown)
  const before = process.cpuUsage()
  prepareArticle('t.md', bytes)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

// One case for each transform of an article, closed and unclosed.
test.each([
  ['headings alike', '## A\n\n'],
  ['headings with ids', '## A {#b}\n\n'],
  ['links to headings', '[a](#b) '],
  ['emoji', ':tada: '],
  ['colons', ':a'],
  ['marks', '==a== '],
  ['opened marks', ' ==a'],
  ['kramdown’s attributes', '{: .a} '],
  ['opened attributes', '{:'],
  ['comments', '<!--a-->  '],
  ['opened comments', '<!-- '],
  ['opened comments in a line', '', 'a ', '<!--x '],
  ['opened instructions', '', 'a ', '<? '],
  ['opened declarations', '', 'a ', '<!A '],
  ['spaces', '', 'a', ' '],
  ['ids without an end', '', '## A {#', 'b'],
  ['labels without an end', '', ':::note[', 'a '],
  ['attributes of a block without an end', '', ':::note{', 'a '],
  ['ids that are none', '', '## A', ' {#b'],
  ['attributes with a backslash', 'a \\{: .b} '],
  ['attributes by entity', '&#123;: .b} '],
  ['highlights over other marks', '==**a**== '],
  ['many abbreviations', 'A1 A2 A3 A4\n\n*[A1]: b\n*[A2]: c\n*[A3]: d\n\n'],
  ['combining marks', '', 'a', '\u0301'],
  ['joiners', '', 'a', '\u200c'],
  ['quotations', '> a\n\n'],
  ['comments of MDX', '{/* a */}\n\n'],
  ['keys', '<kbd>a</kbd> '],
  ['tags with attributes', '<img alt="a" title=b src="https://x.example/y"> '],
  ['opened attributes of tags', '<img a="'],
  ['folds', '<details>\n\na\n\n</details>\n\n'],
  ['callouts', '> [!NOTE]\n> a\n\n'],
  ['containers', ':::note\na\n:::\n\n'],
  ['opened containers', ':::note\n'],
  ['definition lists', 'A\n: b\n\n'],
  ['meanings', ': b\n'],
  ['terms apart', 'A\n\n: b\n\n'],
  ['abbreviations', 'A\n\n*[A]: b\n\n'],
  ['formulas', '$a$ '],
  ['dollars', '$a '],
  ['notes', '[[a]] '],
  ['opened notes', '[['],
  ['figures', '![a](https://x.example/y "z")\n\n'],
  ['code', '```js\nlet a = 1\n```\n\n'],
  ['one long code', '', '```js\n', 'f(a, "b") '],
  ['Chinese lines', '春\n'],
  ['Chinese', '春天'],
  ['Thai', 'ประเทศไทย'],
  ['footnotes', 'a[^1]\n\n', '[^1]: b\n\n'],
])('four times as many %s cost about four times as much', (_, unit, before = '', inner = '') => {
  const size = 3_000
  const text = (bytes: number) => before + (unit || inner).repeat(Math.ceil(bytes / (unit || inner).length))
  cpuOf(text(size))
  // Quadratic work would take sixteen times as long. Below 150 ms the garbage collector dominates. Other processes only add time, so one
  // of three attempts within the bound is enough.
  const isWithinBound = (): boolean => {
    const cpu = cpuOf(text(4 * size))
    if (cpu < 150) return true
    return Math.min(cpu, cpuOf(text(4 * size))) < 10 * Math.min(cpuOf(text(size)), cpuOf(text(size)))
  }
  const isLinear = Array.from({ length: 3 }).some(isWithinBound)
  expect(isLinear).toBe(true)
})
