import { site } from '../env.ts'

/** The title of a page that was not built: React puts it where it belongs, and takes it away with the page. */
export function LiveTitle({ children }: { children: string }) {
  return <title>{`${children} – ${site.name}`}</title>
}
