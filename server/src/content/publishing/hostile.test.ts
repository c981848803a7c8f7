import { expect, test } from '@jest/globals'
import type { Element, Root } from 'hast'
import rehypeStringify from 'rehype-stringify'
import { unified } from 'unified'
import { renderArticle } from './render.ts'
import { sanitise } from './sanitise.ts'

test.each([
  ['a script', 'a\n\n<script>alert(1)</script>', 'raw HTML'],
  ['an unclosed script', 'a\n\n<script\nb', 'raw HTML'],
  ['a handler', 'a <img src=x onerror=alert(1)>', 'raw HTML'],
  ['an inline tag', 'a <b>b</b>', 'raw HTML'],
  ['a style', '<style>p{}</style>\n\na', 'raw HTML'],
  ['a closing tag', 'a\n\n</div>', 'raw HTML'],
  ['a doctype', '<!doctype html>\n\na', 'raw HTML'],
  ['a processing instruction', 'a <?php x ?>', 'raw HTML'],
  ['CDATA', '<![CDATA[ x ]]>\n\na', 'raw HTML'],
  ['a tag after a comment', '<!-- a --><b>c</b>', 'raw HTML'],
  ['a comment that ends at once', '<!--> <script>alert(1)</script> -->', 'raw HTML'],
  ['an unclosed comment', 'a\n\n<!-- b\n\nc', 'raw HTML'],
  ['a script in a footnote', 'a[^1]\n\n[^1]: <script>', 'raw HTML'],
  ['a frame', 'a\n\n<iframe src="https://x.example"></iframe>', 'raw HTML, <iframe>'],
  ['an SVG', 'a <svg onload=alert(1)>b</svg>', 'raw HTML, <svg>'],
  ['MathML of the writer’s own', '<math><mtext><img src=x></mtext></math>', 'raw HTML'],
  ['a handler on an allowed element', '<details ontoggle=alert(1) open>\n\na\n\n</details>', 'the attribute ontoggle'],
  ['a handler in capitals', 'a <kbd OnClick="x">b</kbd>', 'the attribute onclick'],
  ['a style on an allowed element', 'a <mark style="position:fixed">b</mark>', 'the attribute style'],
  ['a javascript: image by HTML', '<img src="javascript:alert(1)">', 'an image to javascript:'],
  ['an image by HTML with a handler', '<img src="https://x.example/y.png" onerror="z">', 'the attribute onerror'],
  ['a comment that is opened by a comment', '<details>\n<!<!-- x -->-- \n</details>', 'raw HTML'],
  ['a fold around the cut', '<details>\n\na\n\n<!--more-->\n\nb\n\n</details>', 'inside another block'],
  ['the cut in a callout', '> [!NOTE]\n> a\n>\n> <!-- truncate -->\n>\n> b', 'inside another block'],
  ['the cut in a container', ':::note\n\na\n\n{/* truncate */}\n\n:::', 'inside another block'],
  ['the cut in a formula', 'a\n\n$$\nx\n<!--more-->\n\nb', 'inside a code block'],
  ['a link of TeX', '$\\href{javascript:alert(1)}{a}$', 'a formula that is not valid TeX'],
  ['an image of TeX', '$\\includegraphics{https://x.example/y.png}$', 'a formula that is not valid TeX'],
  ['a macro without an end', '$\\def\\a{\\a\\a}\\a$', 'a formula that is not valid TeX'],
  ['a javascript: link', '[a](javascript:alert(1))', 'a link to javascript:'],
  ['one in capitals', '[a](JaVaScRiPt:alert(1))', 'a link to javascript:'],
  ['one by entities', '[a](javascript&#58;alert(1))', 'a link to javascript:'],
  ['one with a tab', '[a](<java\tscript:alert(1)>)', 'a link to javascript:'],
  ['one with a tab by entity', '[a](java&Tab;script:alert(1))', 'a link to javascript:'],
  ['one with a leading control character', '[a](&#1;javascript:alert(1))', 'a link to \ufffdjavascript:'],
  ['a protocol in capitals', '[a](HTTPS://x.example)', 'a link to HTTPS:'],
  ['one by definition', '[a]\n\n[a]: javascript:alert(1)', 'a link to javascript:'],
  ['one as autolink', '<javascript:alert(1)>', 'a link to javascript:'],
  ['a vbscript: link', '[a](vbscript:x)', 'a link to vbscript:'],
  ['a data: link', '[a](data:text/html,x)', 'a link to data:'],
  ['a file: link', '[a](file:///etc/passwd)', 'a link to file:'],
  ['a blob: link', '[a](blob:https://x/y)', 'a link to blob:'],
  ['a data: image', '![a](data:image/svg+xml,x)', 'an image to data:'],
  ['a javascript: image', '![a](javascript:x)', 'an image to javascript:'],
  ['a mailto: image', '![a](mailto:a@b.example)', 'an image to mailto:'],
])('refuses %s', (_, markdown, message) => {
  const problems = renderArticle(markdown, 'PUBLIC')
  expect(problems).toContainEqual({ line: expect.any(Number), message: expect.stringContaining(message) })
})

test.each([
  ['text that looks like a tag', 'a &lt;script> b', '<p>a &#x3C;script> b</p>'],
  ['a script as code', '`<script>`', '<p><code>&#x3C;script></code></p>'],
  ['a tag around a comment', 'a <scr<!-- x -->ipt>b', '<p>a &#x3C;script>b</p>'],
  ['a comment', 'a <!-- note --> b', '<p>a  b</p>'],
  ['a relative link', '[a](/b?c=d:e#f)', '<p><a href="/b?c=d:e#f">a</a></p>'],
  ['a link by mail', '<a@b.example>', '<p><a href="mailto:a@b.example">a@b.example</a></p>'],
  ['an image', '![a](https://x.example/y.png)', '<p><img src="https://x.example/y.png" alt="a"></p>'],
  [
    'an image with a title',
    '![a](https://x.example/y.png "<b>")',
    '<figure><img src="https://x.example/y.png" alt="a"><figcaption>&#x3C;b></figcaption></figure>',
  ],
  ['a quote in a title', '[a](/b "x\\" onclick=\\"y")', '<p><a href="/b" title="x&#x22; onclick=&#x22;y">a</a></p>'],
  ['a list from two', '2. a', '<ol start="2">\n<li>a</li>\n</ol>'],
  ['a code’s language', '```a"onx\nb\n```', '<pre><code class="language-a">b\n</code></pre>'],
])('keeps %s', (_, markdown, html) => {
  expect(renderArticle(markdown, 'PUBLIC')).toMatchObject({ wholeHtml: html })
})

test('refuses nesting that overflows the stack', () => {
  const problems = renderArticle(`${'>'.repeat(20_000)} a`, 'PUBLIC')
  expect(problems).toEqual([{ line: 1, message: 'is nested too deeply' }])
})

// Markdown does not produce such elements now, but a new version of the parser might.
test.each([
  ['a', { href: 'javascript:alert(1)' }, '<a>x</a>'],
  ['a', { href: 'java\nscript:alert(1)' }, '<a>x</a>'],
  ['a', { href: '/y', onClick: 'z', style: 'z', target: '_blank' }, '<a href="/y">x</a>'],
  ['img', { src: 'data:image/png,', onError: 'z', srcSet: 'y' }, '<img>'],
  ['p', { id: 'location', name: 'y', className: ['y'] }, '<p>x</p>'],
  ['script', {}, ''],
  ['style', {}, ''],
  ['iframe', { src: 'https://x.example' }, ''],
  ['form', { action: '/y' }, 'x'],
  ['svg', {}, 'x'],
  ['img', { src: 'http://x.example/y.png' }, '<img>'],
  ['img', { src: '/y.png' }, '<img>'],
  ['img', { src: 'https://x.example/y.png', width: '100%', loading: 'lazy' }, '<img src="https://x.example/y.png">'],
  ['h3', { id: 'user-content-x' }, '<h3 id="user-content-x">x</h3>'],
  ['h3', { id: 'location' }, '<h3>x</h3>'],
  ['a', { id: 'user', href: '#x' }, '<a href="#x">x</a>'],
  [
    'details',
    { open: true, className: ['callout', 'page'], onToggle: 'y' },
    '<details open class="callout">x</details>',
  ],
  ['div', { className: ['modal'], role: 'dialog' }, '<div>x</div>'],
  ['span', { className: ['hljs-keyword', 'for-ears'] }, '<span class="hljs-keyword">x</span>'],
  ['math', { href: 'javascript:x', display: 'block', style: 'y' }, '<math display="block">x</math>'],
  ['mi', { mathcolor: 'red' }, 'x'],
  ['maction', { actiontype: 'statusline' }, 'x'],
  ['annotation-xml', { encoding: 'text/html' }, ''],
  ['p', { lang: 'x"y', dir: 'rtl' }, '<p dir="rtl">x</p>'],
  ['input', { type: 'password' }, '<input disabled type="checkbox">'],
])('the sanitiser strips <%s %j>', (tagName, properties, html) => {
  const text = { type: 'text', value: 'x' } as const
  const isVoid = tagName === 'img' || tagName === 'input'
  const tree: Root = {
    type: 'root',
    children: [{ type: 'element', tagName, properties, children: isVoid ? [] : [text] }],
  }
  const cleaned = unified().use(rehypeStringify).stringify(sanitise(tree))
  expect(cleaned).toBe(html)
})

test('MathML keeps values, and loses addresses and actions', () => {
  const inner: Element = {
    type: 'element',
    tagName: 'mspace',
    properties: {
      width: '1em',
      mathcolor: '#f00',
      mathbackground: 'url(x)',
      className: ['tml-x', 'y'],
      href: '/z',
      id: 'w',
    },
    children: [],
  }
  const tree: Root = {
    type: 'root',
    children: [{ type: 'element', tagName: 'math', properties: {}, children: [inner] }],
  }
  expect(unified().use(rehypeStringify).stringify(sanitise(tree))).toBe(
    '<math><mspace width="1em" mathcolor="#f00" class="tml-x"></mspace></math>',
  )
})
