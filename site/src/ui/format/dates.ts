const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/** Returns a day in UTC, so that the built page and the browser agree. */
export const dayOf = (instant: string): string => day.format(new Date(instant))

const dayAlone = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })

/** Returns a day in UTC without its year. */
export const dayInYear = (instant: string): string => dayAlone.format(new Date(instant))

const rest = new Intl.NumberFormat('en', { minimumIntegerDigits: 2 })

/** Formats seconds as hours, minutes and seconds. */
export function durationOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  return `${hours}:${rest.format(minutes)}:${rest.format(whole % 60)}`
}
