import { parseLanguage } from '../../server/src/content/publishing/front-matter/language.ts'
import { parseVisibility, visibilityForm } from '../../server/src/content/publishing/front-matter/visibility.ts'
import type { PublishingDefaults } from '../../server/src/content/publishing/index.ts'

/** Settings with defaults for articles. */
export const publishingSettingNames = [
  'DEFAULT_VISIBILITY',
  'DEFAULT_AUTHOR',
  'PUBLICATION_TIME_ZONE',
  'PUBLICATION_LANGUAGE',
] as const

type Environment = Readonly<Partial<Record<(typeof publishingSettingNames)[number], string | undefined>>>

/** Reads settings that `publishingProblems` has accepted. */
export function readPublishingSettings(environment: Environment): PublishingDefaults {
  return {
    visibility: environment.DEFAULT_VISIBILITY || null,
    author: environment.DEFAULT_AUTHOR?.trim() || null,
    timeZone: environment.PUBLICATION_TIME_ZONE || 'UTC',
    language: environment.PUBLICATION_LANGUAGE ? parseLanguage(environment.PUBLICATION_LANGUAGE) : null,
  }
}

/** Returns the problems of the settings, one line each. */
export function publishingProblems(environment: Environment): string[] {
  const { DEFAULT_VISIBILITY, DEFAULT_AUTHOR, PUBLICATION_TIME_ZONE, PUBLICATION_LANGUAGE } = environment
  const problems: string[] = []
  if (DEFAULT_VISIBILITY && parseVisibility(DEFAULT_VISIBILITY) === null)
    problems.push(`DEFAULT_VISIBILITY is not one of ${visibilityForm}`)
  if (DEFAULT_AUTHOR && (DEFAULT_AUTHOR.length > 200 || !/[\p{L}\p{N}]/u.test(DEFAULT_AUTHOR)))
    problems.push('DEFAULT_AUTHOR is not a name of at most 200 characters')
  if (PUBLICATION_TIME_ZONE && !isTimeZone(PUBLICATION_TIME_ZONE))
    problems.push('PUBLICATION_TIME_ZONE is not a time zone such as Europe/Berlin')
  if (PUBLICATION_LANGUAGE && parseLanguage(PUBLICATION_LANGUAGE) === null)
    problems.push('PUBLICATION_LANGUAGE is not a language tag such as en, pt-BR or zh-Hans')
  return problems
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
