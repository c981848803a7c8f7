import path from 'node:path'
import { root } from '../../../scripts/env.ts'
import { copySite as copyInto } from '../../../scripts/site/site-folder.ts'

/** A copy of the site's sources for a test's own builds. */
export const copySite = (name: string): Promise<string> => copyInto(path.join(root, '.data/test-sites', name))
