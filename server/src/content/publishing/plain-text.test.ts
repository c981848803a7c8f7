import { expect, test } from '@jest/globals'
import { fromHtml } from 'hast-util-from-html'
import { excerptOf, readingMinutesOf } from './plain-text.ts'
import { renderArticle, type Rendered } from './render.ts'

const nodes = (html: string) => fromHtml(html, { fragment: true }).children

function excerptOfMarkdown(markdown: string): string {
  const result = renderArticle(`${markdown}\n\n<!--more-->\n\nPaid.`, 'PAID') as Rendered
  return result.excerpt
}

test.each([
  ['short', 'A “short” *text*', 'A “short” text'],
  ['of 200 characters', `${'a'.repeat(99)} ${'b'.repeat(100)}`, `${'a'.repeat(99)} ${'b'.repeat(100)}`],
  ['cut in a word', `${'a'.repeat(150)} ${'b'.repeat(60)}`, 'a'.repeat(150)],
  ['cut at a word’s end', `${'a'.repeat(200)} b`, 'a'.repeat(200)],
  ['cut after a dash', `${'a'.repeat(190)} — ${'b'.repeat(20)}`, 'a'.repeat(190)],
  ['of one long word', 'a'.repeat(300), 'a'.repeat(200)],
  ['without spaces', '字'.repeat(300), '字'.repeat(200)],
  ['cut in a surrogate pair', `a${'😀'.repeat(200)}`, `a${'😀'.repeat(99)}`],
  ['of flags', '🇮🇸'.repeat(80), '🇮🇸'.repeat(50)],
  ['of letters with marks', 'e\u0301'.repeat(150), 'e\u0301'.repeat(100)],
  ['of Thai words', 'ประเทศไทย'.repeat(40), 'ประเทศไทย'.repeat(22)],
  ['of verse', 'Two  \nthree', 'Two\nthree'],
  ['of verse and prose', 'One  \ntwo\n\nThree.', 'One\ntwo\nThree.'],
  ['of prose', 'One\ntwo.\n\nThree.', 'One two. Three.'],
  ['of Chinese over two lines', '春天的\n花园', '春天的花园'],
  ['with headings', '## One\n\nTwo\n\n### Three\n\nFour', 'Two Four'],
  ['with code', 'One\n\n```\nx = 1\n```\n\nTwo', 'One Two'],
  ['with a table and a list', 'One\n\n| a |\n|---|\n| b |\n\n- c\n\n- d\n\nTwo', 'One Two'],
  ['with a note and a fold', '> [!TIP]\n> x\n\n<details><summary>y</summary>\n\nz\n\n</details>\n\nTwo', 'Two'],
  ['with a quotation', '> Quoted.\n\nSaid.', 'Quoted. Said.'],
  ['with a formula and a note', 'Is $a_1$[^1].\n\n[^1]: n', 'Is a_1.'],
  ['with a figure', '![a](https://x.example/b.png "c")\n\nTwo', 'Two'],
  ['of a list alone', '## One\n\n- a\n- b', 'a b'],
  ['of a table alone', '| a |\n|---|\n| b |', 'a b'],
])('the excerpt of a text %s', (_, markdown, excerpt) => {
  expect(excerptOfMarkdown(markdown)).toBe(excerpt)
})

test('an excerpt never ends within a character', () => {
  const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' })
  for (const unit of ['👩‍👩‍👧‍👦', 'นี้', 'ক্ষি', '한', '각', 'é\u0323', '字', '🏴󠁧󠁢󠁥󠁮󠁧󠁿']) {
    for (let shift = 0; shift < 12; shift += 1) {
      const text = 'x'.repeat(shift) + unit.repeat(200)
      const excerpt = excerptOf(nodes(`<p>${text}</p>`))
      const whole = [...clusters.segment(text)].map(({ segment }) => segment)
      const cut = [...clusters.segment(excerpt)].map(({ segment }) => segment)
      expect(cut).toEqual(whole.slice(0, cut.length))
      expect(excerpt.length).toBeGreaterThan(150)
      expect(excerpt.length).toBeLessThanOrEqual(200)
    }
  }
})

test('an invalid language changes nothing', () => {
  expect(excerptOf(nodes(`<p>${'字'.repeat(300)}</p>`), 'no language')).toBe('字'.repeat(200))
})

test.each([
  ['words', 'word '.repeat(230), 1],
  ['one word more', 'word '.repeat(231), 2],
  ['twice as many', 'word '.repeat(461), 3],
  ['nothing', '', 1],
  ['Arabic by words', 'كلمة '.repeat(460), 2],
  ['Korean by words', '단어 '.repeat(460), 2],
  ['Chinese by characters', '春'.repeat(1500), 3],
  ['Japanese with its punctuation', '春の庭は、静か。'.repeat(125), 2],
  ['Thai, marks not counted', 'ที่'.repeat(1000), 2],
  ['long Japanese, marks of voice not counted', `あ${'か\u3099'.repeat(1_999)}`, 4],
  ['words within Chinese', `${'春'.repeat(500)}${' word'.repeat(230)}`, 2],
])('estimates the reading time of %s', (_, text, minutes) => {
  expect(readingMinutesOf(text)).toBe(minutes)
})
