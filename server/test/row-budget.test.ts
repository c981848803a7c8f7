import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'

// G32: a response has a limited number of rows.

const { ask } = await startTestApp()

const lists = (count: number, first: number): string =>
  `{ ${Array.from({ length: count }, (_, index) => `l${index}: articles(first: ${first}) { nodes { id } }`).join(' ')} }`

test('G32 the lists of a response have at most 300 articles together', async () => {
  const { status, errors } = await ask(lists(3, 100))
  expect({ status, errors }).toEqual({ status: 200, errors: undefined })
})

test.each([
  ['one list too many', lists(4, 100), 1],
  ['seven long lists', lists(7, 100), 4],
])('G32 %s is BAD_USER_INPUT, the others are served', async (_what, query, refused) => {
  const { data, errors } = await ask(query)
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(
    Array.from({ length: refused }, () => 'BAD_USER_INPUT'),
  )
  expect(Object.values(data as object).filter((list) => list !== null)).toHaveLength(3)
})
