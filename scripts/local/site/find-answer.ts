import { encodePath, type Address } from './address.ts'
import { findFile, isHidden } from './find-file.ts'
import { matchPath } from './rules/rule-syntax.ts'
import { isOwnPath, type RedirectRule } from './rules/redirects-file.ts'

export type Answer =
  | {
      readonly kind: 'file'
      /** Relative to the folder. */
      readonly file: string
      /** The file was named by a rule, because no file has this address. */
      readonly byRule?: true
    }
  | { readonly kind: 'redirect'; readonly status: 301 | 302; readonly location: string }
  | { readonly kind: 'missing' }

const missing: Answer = { kind: 'missing' }

/**
 * Decides the answer to an address: a file of that name, or else the first matching rule, or else nothing.
 *
 * @param root the folder's real path
 */
export async function findAnswer(root: string, rules: readonly RedirectRule[], address: Address): Promise<Answer> {
  const { pathname } = address
  if (isHidden(pathname)) return missing
  const file = await findFile(root, pathname)
  if (file !== null) return { kind: 'file', file }
  const isPage = pathname.endsWith('/')
  if (!isPage && (await findFile(root, `${pathname}/`)) !== null) return withSlash(address)

  for (const { from, to, status } of rules) {
    // A page has one address, with the slash. Relative links and caches depend on it.
    const couldBePage = !isPage && !isFileName(pathname)
    if (status === 200 && couldBePage && matchPath(from, `${pathname}/`) !== null) return withSlash(address)
    const splat = matchPath(from, pathname)
    if (splat === null) continue
    if (status !== 200)
      return redirect(
        status,
        to.replaceAll(':splat', () => encodePath(splat)),
        address,
      )
    const rewritten = await findFile(
      root,
      to.replaceAll(':splat', () => splat),
    )
    return rewritten === null ? missing : { kind: 'file', file: rewritten, byRule: true }
  }
  return missing
}

const isFileName = (pathname: string): boolean => /\.[a-z0-9]{1,5}$/i.test(pathname)

const withSlash = (address: Address): Answer => redirect(301, `${encodePath(address.pathname)}/`, address)

/** Refuses a target on another site. In `/*  /:splat` the requested path determines the target. */
function redirect(status: 301 | 302, to: string, { query }: Address): Answer {
  if (!isOwnPath(to)) return missing
  return { kind: 'redirect', status, location: to.includes('?') ? to : `${to}${query}` }
}
