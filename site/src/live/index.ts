// Live updates of a page. The other folders of the site import only these exports of this folder.

export { LiveUpdates, useLive, type Live } from './LiveUpdates.tsx'
export { useExpectedChange } from './use-expected-change.ts'
export { useRepeat } from './use-repeat.ts'
