import { expect, test } from '@jest/globals'
import { siteProblems } from './env.ts'

const notHosts = ['GATSBY_IMAGE_HOSTS is not a list of hosts such as s.gravatar.com,*.googleusercontent.com']

test.each([
  ['', []],
  ['s.gravatar.com', []],
  ['s.gravatar.com, *.googleusercontent.com,images.example:8443', []],
  ['*', notHosts],
  ['https://s.gravatar.com', notHosts],
  ['s.gravatar.com/avatar', notHosts],
  ['s.gravatar.com;script-src', notHosts],
  ["a.example 'unsafe-inline'", notHosts],
  ['a.example,', notHosts],
  ['a.*.example', notHosts],
])('image hosts of %j have the problems %j', (hosts, problems) => {
  expect(siteProblems({ GATSBY_IMAGE_HOSTS: hosts })).toEqual(problems)
})
