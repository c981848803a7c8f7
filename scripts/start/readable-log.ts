import { prettyFactory } from 'pino-pretty'

/** Fields that are not useful in a terminal or that the message contains. */
const hidden = 'pid,hostname,requestId,req,res,milliseconds,brokenOff'

/**
 * Returns a formatter that turns a line of the server's JSON log into a line for people: time, level, message, and for a
 * request its method, path, status and duration. Any other line is returned unchanged.
 *
 * @param colors whether to use colours
 */
export function readableLog(colors: boolean): (line: string) => string {
  const format = prettyFactory({
    colorize: colors,
    translateTime: 'SYS:HH:MM:ss',
    ignore: hidden,
    singleLine: true,
    messageFormat: (log) => messageOf(log),
  })
  return (line) => (isLogLine(line) ? format(line).trimEnd() : line)
}

interface LogLine {
  readonly msg?: string
  readonly req?: { readonly method?: string; readonly path?: string }
  readonly res?: { readonly status?: number }
  readonly milliseconds?: number
  readonly brokenOff?: boolean
}

function messageOf({ req, res, milliseconds, brokenOff, msg = '' }: LogLine): string {
  if (!req || !res) return msg
  return `${req.method} ${req.path} ${brokenOff ? 'aborted by the client' : res.status}, ${milliseconds} ms`
}

const isLogLine = (line: string): boolean => line.startsWith('{"level":')
