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
  ['emphasis behind a fence in HTML', `<pre>\n\`\`\`\n</pre>\n${'*a_'.repeat(4_000)}`, 'more than 2000 marks'],
  ['emphasis behind a fence that is none', `\`\`\`a\`b\n${'*a_'.repeat(4_000)}`, 'more than 2000 marks of emphasis'],
])('%s beyond its bound is refused at its line', (_, block, message) => {
  expect(excessiveWork(`\n\nText.\n\n${block}\n\nText.`)).toEqual([
    { line: 5, message: expect.stringContaining(message) },
  ])
})

test.each([
  ['a long article with emphasis', '*One* _two_ [three](https://x.example).\n\n'.repeat(5_000)],
  ['code', `\`\`\`\n${'a[*p_q]\n'.repeat(5_000)}\`\`\``],
  ['a table', `| a | b |\n|---|---|\n${'| *c* | [d](/e) |\n'.repeat(400)}`],
  ['a line of dashes', '- '.repeat(30)],
])('%s is within the bounds', (_, markdown) => {
  expect(excessiveWork(markdown)).toEqual([])
})
