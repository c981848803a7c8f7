import { expect, test } from '@jest/globals'
import { publishingProblems, readPublishingSettings } from './settings.ts'

test('without settings every file must name visibility and author', () => {
  expect(readPublishingSettings({ DEFAULT_VISIBILITY: '', PUBLICATION_LANGUAGE: '' })).toEqual({
    visibility: null,
    author: null,
    timeZone: 'UTC',
    language: null,
  })
})

test('settings are read', () => {
  const environment = {
    DEFAULT_VISIBILITY: 'plan:patron',
    DEFAULT_AUTHOR: ' 王小明 ',
    PUBLICATION_TIME_ZONE: 'Asia/Taipei',
    PUBLICATION_LANGUAGE: 'zh_hant',
  }
  expect(publishingProblems(environment)).toEqual([])
  expect(readPublishingSettings(environment)).toEqual({
    visibility: 'plan:patron',
    author: '王小明',
    timeZone: 'Asia/Taipei',
    language: 'zh-Hant',
  })
})

test.each([
  ['DEFAULT_VISIBILITY', 'everyone', 'DEFAULT_VISIBILITY is not one of public, members, paid, plan:<slug>[,<slug>]'],
  ['DEFAULT_AUTHOR', '!?', 'DEFAULT_AUTHOR is not a name of at most 200 characters'],
  ['PUBLICATION_TIME_ZONE', 'Mars/Base', 'PUBLICATION_TIME_ZONE is not a time zone such as Europe/Berlin'],
  ['PUBLICATION_LANGUAGE', 'english', 'PUBLICATION_LANGUAGE is not a language tag such as en, pt-BR or zh-Hans'],
])('a bad %s stops the start', (name, value, problem) => {
  expect(publishingProblems({ [name]: value })).toEqual([problem])
})
