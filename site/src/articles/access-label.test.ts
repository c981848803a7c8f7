import { expect, test } from '@jest/globals'
import type { Visibility } from '../api/operations.ts'
import { accessLabel, noRights } from './access-label.ts'

const account = { ...noRights, account: true }
const plan = { ...account, plans: ['patron'] }
const staff = { ...account, staff: true }
const locked = 'For subscribers'

test.each<[Visibility | 'FRIENDS', string, string, string, string]>([
  //          nobody            an account          a plan              staff
  ['PUBLIC', 'Free to read', 'Free to read', 'Free to read', 'Free to read'],
  ['MEMBERS', 'Free with an account', 'Open to you', 'Open to you', 'Open to you'],
  ['PAID', locked, locked, 'Open to you', 'Open to you'],
  ['PLANS', locked, locked, 'With some plans', 'Open to you'],
  ['FRIENDS', 'For members', 'For members', 'For members', 'Open to you'],
])('%s is labelled for each reader', (visibility, ...labels) => {
  const shown = [noRights, account, plan, staff].map((rights) => accessLabel(visibility as Visibility, rights))
  expect(shown).toEqual(labels)
})

test.each<[Visibility, boolean, string]>([
  ['PLANS', true, 'Open to you'],
  ['PAID', true, 'Open to you'],
  ['PLANS', false, locked],
  ['PAID', false, locked],
  ['PUBLIC', true, 'Free to read'],
])('%s, which the API says is granted: %s', (visibility, granted, label) => {
  expect(accessLabel(visibility, plan, { granted })).toBe(label)
})

test.each<[readonly string[] | undefined, string]>([
  [['patron'], 'Open to you'],
  [['supporter', 'patron'], 'Open to you'],
  [['supporter'], 'With some plans'],
  [[], 'With some plans'],
  [undefined, 'With some plans'],
])('for a holder of Patron, PLANS that %j open: %s', (openedBy, label) => {
  expect(accessLabel('PLANS', plan, { openedBy })).toBe(label)
  expect(accessLabel('PLANS', account, { openedBy })).toBe(locked)
  // The API's answer overrides the label.
  expect(accessLabel('PLANS', plan, { openedBy, granted: false })).toBe(locked)
})
