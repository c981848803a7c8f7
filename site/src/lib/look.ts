import { liveFolders } from './addresses.ts'

// How the reader likes it: theme and size of the text. The one thing that the site keeps in the browser.

export type Theme = 'system' | 'light' | 'dark'
export interface Look {
  readonly theme: Theme
  /** Steps from the usual size of the text. */
  readonly size: number
}

export const lookKey = 'gatepost-look'
export const sizes = [-1, 0, 1, 2, 3] as const

export const standardLook: Look = { theme: 'system', size: 0 }

export function readLook(): Look {
  try {
    const [theme, size] = (localStorage.getItem(lookKey) ?? '').split(' ')
    return {
      theme: theme === 'light' || theme === 'dark' ? theme : 'system',
      size: sizes.find((one) => String(one) === size) ?? 0,
    }
  } catch {
    // Storage is switched off: it looks as usual.
    return standardLook
  }
}

export function writeLook(look: Look): void {
  try {
    if (look.theme === 'system' && look.size === 0) localStorage.removeItem(lookKey)
    else localStorage.setItem(lookKey, `${look.theme} ${look.size}`)
  } catch {
    // Then it lasts as long as the page.
  }
  showLook(look)
}

function showLook({ theme, size }: Look): void {
  const { dataset } = document.documentElement
  dataset.theme = theme
  dataset.size = String(size)
}

/**
 * Runs before anything is painted: the look, so that no page flashes in the other one; and whether somebody is probably
 * signed in (the SDK's own mark), so that a member is not shown a paywall for the moment until we know.
 */
export const beforePaint = (sessionMark: string): string =>
  [
    'var d=document.documentElement.dataset',
    `try{var l=(localStorage.getItem(${JSON.stringify(lookKey)})||"").split(" ");if(l[0])d.theme=l[0];if(l[1])d.size=l[1]}catch(e){}`,
    `if(document.cookie.indexOf(${JSON.stringify(sessionMark)})>=0)d.session="maybe"`,
    `if(/^\\/(${liveFolders.join('|')})\\/[^/]+/.test(location.pathname))d.live=""`,
  ].join(';')
