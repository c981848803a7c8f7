import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../../../scripts/env.ts'

/** One article of each kind. */
export const six = {
  public: 'introductory-remarks-on-the-importance-of-orthodoxy',
  members: 'compensation',
  paid: 'self-reliance',
  supporter: 'a-case-of-identity',
  patron: 'gifts',
  both: 'character',
} as const

export type Kind = keyof typeof six

const folder = path.join(root, 'prisma/content')

/** Passages of what follows the public part of a demo article: plain words, as they stand in its file and on its page. */
export function paidPassages(slug: string): string[] {
  const [, rest = ''] = readFileSync(path.join(folder, `${slug}.md`), 'utf8').split('<!--more-->')
  const words = rest.match(/[A-Za-z]+(?: [a-z]+){7,}/g) ?? []
  return [words[0], words[Math.floor(words.length / 2)], words.at(-1)].filter((passage) => passage !== undefined)
}

/** The slugs of all demo articles that are locked for somebody. */
export function lockedSlugs(): string[] {
  return readdirSync(folder)
    .filter((name) => !/^visibility: public$/m.test(readFileSync(path.join(folder, name), 'utf8')))
    .map((name) => name.replace(/\.md$/, ''))
}
