import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import { createElement as element } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { linkedStyles, nameablePagePath, pagePathScript, withoutStyleAttributes } from './document.tsx'

const html = (components: readonly unknown[]) =>
  renderToStaticMarkup(element('body', {}, ...(components as Parameters<typeof element>[2][]))).replace(
    /^<body>|<\/body>$/g,
    '',
  )
const inline = (text: string) => ({ dangerouslySetInnerHTML: { __html: text } })

describe('the script that knows its page', () => {
  const loader = (path: string) =>
    element('script', { key: 'l', id: 'gatsby-script-loader', ...inline(`window.pagePath="${path}";`) })
  const other = element('script', { key: 'o', id: 'other', src: '/app.js' })

  test('has the page beside its text, so that the text is the same everywhere', () => {
    const [first, second] = ['/articles/the-beat/', '/'].map((path) =>
      html(nameablePagePath([loader(path), other], path)),
    )
    expect(first).toBe(
      `<script id="gatsby-script-loader" data-path="/articles/the-beat/">${pagePathScript}</script>` +
        '<script id="other" src="/app.js"></script>',
    )
    expect(second).toContain(`data-path="/">${pagePathScript}</script>`)
  })

  test('tells Gatsby the path', () => {
    const window: { pagePath?: string } = {}
    const document = { currentScript: { dataset: { path: '/articles/the-beat/' } } }
    runInNewContext(pagePathScript, { window, document })
    expect(window.pagePath).toBe('/articles/the-beat/')
  })

  test('takes a path with quotes in it for a text', () => {
    const path = '/"><script>planted()</script>/'
    expect(html(nameablePagePath([loader('/')], path))).not.toContain('<script>planted()')
  })
})

describe('a style sheet', () => {
  const style = (href?: string) => element('style', { key: 's', 'data-href': href, ...inline('a{color:red}') })

  test('is a file', () => {
    expect(html(linkedStyles([style('/styles.1.css'), element('p', { key: 'p' })]))).toBe(
      '<link rel="stylesheet" href="/styles.1.css"/><p></p>',
    )
  })

  test('that has no file stays, for the policy to refuse', () => {
    expect(html(linkedStyles([style()]))).toBe('<style>a{color:red}</style>')
  })
})

test.each([linkedStyles, (all: readonly never[]) => nameablePagePath(all, '/')])(
  'what is no element is left alone',
  (change) => {
    const odd = [null, undefined, false, 'text', 7, []] as never[]
    expect(change(odd)).toEqual(odd)
  },
)

const frame = (inside: string, style: string) =>
  `<div id="___gatsby"><div${style} tabindex="-1" id="gatsby-focus-wrapper">${inside}</div>` +
  `<div id="gatsby-announcer"${style} aria-live="assertive"></div></div>`

test("takes the style attributes off Gatsby's frame", () => {
  expect(withoutStyleAttributes(frame('<p>Text.</p>', ' style="outline:none"'))).toBe(frame('<p>Text.</p>', ''))
})

test.each([
  '<div style="color:red">Text.</div>',
  '<p style="color:red">Text.</p>',
  '<div style="color:red"></div><div id="other"></div>',
  '<div style="color:red" id="gatsby">Text.</div>',
])('leaves %s to the policy', (inside) => {
  expect(withoutStyleAttributes(frame(inside, ' style="top:0"'))).toBe(frame(inside, ''))
})
