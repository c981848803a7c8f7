import { expect, test } from '@jest/globals'
import { makeGiftCode, normaliseGiftCode } from './gift-code.ts'

const code = 'GIFT-01ABC-DEFGH-JKMNP-QRST0'

test('creates distinct codes that are already in their stored form', () => {
  const made = Array.from({ length: 1000 }, makeGiftCode)
  expect(new Set(made).size).toBe(1000)
  for (const one of made) {
    expect(one).toMatch(/^GIFT(-[0-9A-HJKMNP-TV-Z]{5}){4}$/)
    expect(normaliseGiftCode(one)).toBe(one)
  }
  // Each letter occurs, and none much more often than expected.
  const counts = new Map<string, number>()
  for (const letter of made.join('').replaceAll(/GIFT|-/g, '')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  expect(counts.size).toBe(32)
  expect(Math.max(...counts.values())).toBeLessThan(800)
})

test.each([
  code,
  code.toLowerCase(),
  code.replaceAll('-', ''),
  code.replaceAll('-', ' '),
  code.replaceAll('-', '–'),
  `  ${code}\n`,
  'GIFT-OIABC-DEFGH-JKMNP-QRSTO',
  'gift-olabc-defgh-jkmnp-qrsto',
  'g1ft-01abc-defgh-jkmnp-qrst0',
  '01ABC-DEFGH-JKMNP-QRST0',
  '01abcdefghjkmnpqrst0',
])('reads %j', (text) => {
  expect(normaliseGiftCode(text)).toBe(code)
})

test.each([
  '',
  'GIFT',
  'GIFT----',
  code.slice(0, -1),
  `${code}0`,
  code.replace('GIFT', 'GAFT'),
  code.replace('A', 'U'),
  code.replace('A', '!'),
  code.replace('A', 'Ä'),
  code.replace('A', '\0'),
  code.replace('A', '%'),
  code.replace('A', '\ud800'),
  code.repeat(100),
])('finds no code in %j', (text) => {
  expect(normaliseGiftCode(text)).toBeNull()
})

test('keeps a code whose own first letters spell the mark', () => {
  // The first four of the twenty letters spell the mark.
  expect(normaliseGiftCode('G1FTA-BCDEF-GHJKM-NPQRS')).toBe('GIFT-G1FTA-BCDEF-GHJKM-NPQRS')
})
