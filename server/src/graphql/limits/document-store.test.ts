import { expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { createDocumentStore } from './document-store.ts'

test('keeps the latest queries up to its size', async () => {
  const store = createDocumentStore(1_000)
  const texts = Array.from(
    { length: 100 },
    (_, index) => `query Q${String(index).padStart(3, '0')} { ${'a'.repeat(85)} }`,
  )
  for (const [index, text] of texts.entries()) await store.set(String(index), parse(text))
  const kept = await Promise.all(texts.map(async (_, index) => (await store.get(String(index))) !== undefined))
  expect(texts[0]).toHaveLength(100)
  expect(kept).toEqual(texts.map((_, index) => index >= 90))
})

test('does not keep a query larger than itself', async () => {
  const store = createDocumentStore(50)
  await store.set('large', parse(`{ ${'a'.repeat(100)} }`))
  expect(await store.get('large')).toBeUndefined()
})
