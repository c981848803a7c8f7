import { expect, test } from '@jest/globals'
import { excessiveWork } from './work-limit.ts'

test.each([
  ['emphasis', '*a_'.repeat(4_000), 'more than 2000 marks of emphasis'],
  ['emphasis over many lines', '*a_\n'.repeat(4_000), 'more than 2000 marks of emphasis'],
  ['strikethrough', '~~a '.repeat(2_001), 'more than 2000 marks of emphasis'],
  ['nested links', `${'['.repeat(2_000)}a${'](b)'.repeat(2_000)}`, 'more than 2000 brackets'],
  ['nested images', `${'!['.repeat(500)}a${'](b)'.repeat(500)}`, 'more than 200 images'],
  ['quotes', `${'> '.repeat(200)}a`, 'more than 100 levels of quotes and lists'],
  ['lists', `${'- '.repeat(200)}a`, 'more than 100 levels of quotes and lists'],
  ['comments without an end', `a ${'<!--x '.repeat(11)}`, 'more than 10 <!-- without -->'],
  ['comments whose end comes first', `a <!-- x --> ${'<!--x\n'.repeat(11)}`, 'more than 10 <!-- without -->'],
  ['instructions without an end', `a ${'<? '.repeat(11)}`, 'more than 10 <? without ?>'],
  ['CDATA without an end', `a ${'<![CDATA['.repeat(11)}>`, 'more than 10 <![CDATA[ without ]]>'],
  ['declarations without an end', `a ${'<!A '.repeat(11)}`, 'more than 10 <! without >'],
  [
    'runs of many lengths',
    Array.from({ length: 11 }, (_, index) => '`'.repeat(index + 1)).join(' a '),
    'runs of ` or $',
  ],
  ['marks of emphasis after a fence in HTML', `<pre>\n\`\`\`\n</pre>\n${'*a_'.repeat(4_000)}`, 'more than 2000 marks'],
  [
    'marks of emphasis after an invalid fence',
    `\`\`\`a\`b\n${'*a_'.repeat(4_000)}`,
    'more than 2000 marks of emphasis',
  ],
])('refuses a block with too many %s, and names the line', (_, block, message) => {
  expect(excessiveWork(`\n\nText.\n\n${block}\n\nText.`)).toEqual([
    { line: 5, message: expect.stringContaining(message) },
  ])
})

test.each([
  ['quotations', '> a\n\n'.repeat(2_001), 4_001],
  ['lists', 'a\n\n- b\n\n'.repeat(2_001), 8_003],
  ['continued lines', `> a\n${'b\n'.repeat(2_001)}`, 2_001],
])('refuses a file with too many %s, and names the first line', (_, markdown, line) => {
  expect(excessiveWork(markdown)).toEqual([{ line, message: 'has more than 2000 quotations and lists' }])
})

test.each([
  ['comments', '<!-- a --> b\n'.repeat(1_000)],
  ['a quotation', '> a\n'.repeat(5_000)],
  ['a list', '- a\n  b\n'.repeat(500)],
  ['program text in a line', 'a `b` ``c `d` `` $5 $$e$$\n'.repeat(100)],
  ['a long article with emphasis', '*One* _two_ [three](https://x.example).\n\n'.repeat(5_000)],
  ['code', `\`\`\`\n${'a[*p_q]\n'.repeat(5_000)}\`\`\``],
  ['a table', `| a | b |\n|---|---|\n${'| *c* | [d](/e) |\n'.repeat(400)}`],
  ['a line of dashes', '- '.repeat(30)],
])('accepts %s', (_, markdown) => {
  expect(excessiveWork(markdown)).toEqual([])
})
