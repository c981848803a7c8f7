import { DateTime } from 'luxon'

/** The formats of static site generators beside ISO 8601. A numeric month must follow the year, because 1/2/2024 is ambiguous. */
const formats = [
  ...['yyyy-M-d', 'yyyy/M/d', 'yyyy.M.d'].flatMap((day) => [
    day,
    `${day} H:mm`,
    `${day} H:mm:ss`,
    `${day} H:mm:ss.u`,
    `${day} H:mm ZZZ`,
    `${day} H:mm:ss ZZZ`,
    `${day} H:mm:ss ZZ`,
    `${day} H:mm:ss z`,
  ]),
  ...['LLLL d yyyy', 'LLL d yyyy', 'LLLL d, yyyy', 'LLL d, yyyy', 'd LLLL yyyy', 'd LLL yyyy', 'd LLLL, yyyy'].flatMap(
    (day) => [day, `${day} H:mm`, `${day} H:mm:ss`],
  ),
]

/**
 * Parses the date of an article.
 *
 * A day means 00:00 of that day. A time without an offset is local time of the zone. If it occurs twice because of a clock
 * change, the earlier instant counts. Fractions of a millisecond are dropped.
 *
 * @param zone IANA name of the publication's time zone
 * @returns the instant, or null if the text is not a date
 */
export function parsePublishingDate(text: string, zone: string): Date | null {
  const options = { zone, locale: 'en-US' }
  const trimmed = text.trim()
  // A year or a week alone is valid ISO 8601, but a mistake in front matter.
  if (!/^\d{4}[-/.]\d|^[a-z]|^\d{1,2} [a-z]/i.test(trimmed)) return null
  const iso = DateTime.fromISO(trimmed, options)
  if (iso.isValid) return /^\d{4}-\d{2}-\d{2}/.test(trimmed) ? asDate(iso) : null
  const rfc = DateTime.fromRFC2822(trimmed, options)
  if (rfc.isValid) return asDate(rfc)
  for (const format of formats) {
    const parsed = DateTime.fromFormat(trimmed, format, options)
    if (parsed.isValid) return asDate(parsed)
  }
  return null
}

function asDate(parsed: DateTime): Date | null {
  const inRange = parsed.year >= 1 && parsed.year <= 9999
  return inRange ? parsed.toJSDate() : null
}
