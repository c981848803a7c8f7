import { articlesPermission, useViewer } from '../membership/use-viewer.ts'
import { noRights, type ReadingRights } from './access-label.ts'

/** Returns what the reader may read, for the labels of lists; nothing while it is not known. */
export function useReadingRights(): ReadingRights {
  const { viewer } = useViewer()
  if (!viewer) return noRights
  return {
    account: true,
    plans: viewer.memberships.filter(({ opens }) => opens).map(({ plan }) => plan.slug),
    staff: viewer.permissions.includes(articlesPermission),
  }
}
