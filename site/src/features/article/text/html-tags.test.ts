import { expect, test } from '@jest/globals'
import { replaceAttributes } from './html-tags.ts'

const same = (html: string): string => replaceAttributes(html, ({ written }) => written)

test.each([
  '<p>text</p>',
  '<a data-footnote-ref id="b" href="#c">1</a>',
  '<img\nalt="a > b"\tsrc=\'c"d\'>',
  '<a b="unclosed',
  '<a <b c="d">',
  '&#x3C;a b="c">',
])('%j stays as it is when nothing is replaced', (html) => {
  expect(same(html)).toBe(html)
})

test('attributes are told in their order, with the names in small letters', () => {
  const found: string[] = []
  replaceAttributes('<IMG ALT="a > b" open src=\'c\'><p lang="de">', ({ tag, name, value, written }) => {
    found.push(`${tag} ${name} ${value}`)
    return written
  })
  expect(found).toEqual(['img alt a > b', 'img src c', 'p lang de'])
})

/** CPU time in milliseconds, the best of three runs. */
function cpuOf(html: string): number {
  const runs = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage()
    same(html)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...runs)
}

test.each(['<a b="', '<a b=\'" ', '<a ', '<a "\' ', '<a b=\' c=" ', '<a b '])(
  'four times as many %j cost about four times as much',
  (unit) => {
    const size = 100_000
    const text = (bytes: number) => unit.repeat(Math.ceil(bytes / unit.length))
    // Quadratic work would take seconds, and sixteen times as long.
    expect(cpuOf(text(4 * size)) / Math.max(10, cpuOf(text(size)))).toBeLessThan(10)
  },
)
