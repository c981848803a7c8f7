// How a page learns of changes. The other folders of the site use these and nothing else of this folder.

export { LiveUpdates, useLive, type Live } from './LiveUpdates.tsx'
export { useExpectedChange } from './use-expected-change.ts'
export { useRepeat } from './use-repeat.ts'
