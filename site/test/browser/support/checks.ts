import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

// What holds on every page. Each check answers with what is wrong, in words; nothing is the good answer.

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResults {
  readonly violations: readonly {
    id: string
    nodes: readonly { target: readonly unknown[]; failureSummary?: string }[]
  }[]
}

/**
 * All that axe-core objects to, its good practices and the size of targets included.
 *
 * @param rules `colours`: those that look at colours alone, for a page that was checked whole in others
 */
export async function violations(page: Page, rules: 'all' | 'colours' = 'all'): Promise<string[]> {
  // The page's policy lets no script in: this way it comes from outside.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  const chosen =
    rules === 'all'
      ? { rules: { 'target-size': { enabled: true } } }
      : { runOnly: ['color-contrast', 'link-in-text-block'] }
  const results = await page.evaluate((options) => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }
    return axe.run({ resultTypes: ['violations'], ...options })
  }, chosen)
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary ?? ''})`),
  )
}

/** What makes the page wider than the window. */
export async function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const wide = [...document.body.querySelectorAll('*')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth,
    )
    return [`${scrollWidth} px in ${clientWidth}`, ...wide.map((element) => element.outerHTML.slice(0, 80))]
  })
}

const leastTargetPixels = 24

/** Links and buttons that are too small for a finger. A link in a sentence is as high as its line (WCAG 2.5.8). */
export async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const inSentence = (element: Element) =>
      [...(element.parentElement?.childNodes ?? [])].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      )
    return [...document.querySelectorAll('a[href], button, summary, input')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !inSentence(element))
      .map((element) => ({ text: element.outerHTML.slice(0, 80), size: element.getBoundingClientRect() }))
      .filter(({ size }) => size.width < least || size.height < least)
      .map(({ text, size }) => `${size.width.toFixed(1)} × ${size.height.toFixed(1)}: ${text}`)
  }, leastTargetPixels)
}

/** What moves, or would when it changes. */
export async function moving(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [document.documentElement, ...document.body.querySelectorAll('*')]
      .filter((element) => {
        const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element)
        const still = transitionDuration.split(', ').every((duration) => parseFloat(duration) === 0)
        return !still || animationName !== 'none' || scrollBehavior === 'smooth' || element.getAnimations().length > 0
      })
      .map((element) => element.outerHTML.slice(0, 80)),
  )
}
