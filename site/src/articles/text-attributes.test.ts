import { expect, test } from '@jest/globals'
import { textAttributes } from './text-attributes.ts'

test.each([
  [
    { lang: 'ar', direction: 'RTL' as const },
    { lang: 'ar', dir: 'rtl' },
  ],
  [
    { lang: 'en', direction: 'LTR' as const },
    { lang: 'en', dir: 'ltr' },
  ],
  [{ lang: null, direction: 'AUTO' as const }, { dir: 'auto' }],
])('%j is shown by %j', (article, attributes) => {
  expect(textAttributes(article)).toEqual(attributes)
})
