import { expect, test } from '@jest/globals'
import { renderArticle, type RenderOptions } from '../render.ts'

const files: Readonly<Record<string, string>> = {
  './other.md': 'other',
  '../x/index.md': 'x',
  'A note': 'a-note',
  './عربي.md': 'عربي',
}
const linkTo = (target: string) => {
  if (target === 'twice' || target === 'twice.md') return 'several'
  const slug = files[target]
  return slug === undefined ? null : { slug }
}

function html(markdown: string, options: RenderOptions = {}): string {
  const result = renderArticle(markdown, 'PUBLIC', { linkTo, ...options })
  return Array.isArray(result) ? JSON.stringify(result) : result.wholeHtml
}

const heading = (level: number, slug: string, text: string): string =>
  `<div class="heading">
<h${level} id="user-content-${slug}">${text}</h${level}>
<a class="heading-anchor" href="#user-content-${slug}" aria-label="Permalink: ${text}">#</a>
</div>`

test.each([
  // Headings.
  ['a heading with its anchor', '## A b!', heading(2, 'a-b', 'A b!')],
  ['a heading in Arabic', '## الحديقة', heading(2, 'الحديقة', 'الحديقة')],
  ['two equal headings', '## A\n\n## A', `${heading(2, 'a', 'A')}\n${heading(2, 'a-1', 'A')}`],
  ['a heading with an id', '## A {#b}', heading(2, 'b', 'A')],
  ['a heading with an id of kramdown', '## A {: #b}', heading(2, 'b', 'A')],
  ['a heading like the id of a footnote', '## Fn 1', heading(2, 'section-fn-1', 'Fn 1')],
  ['a heading like a name of scripts', '## Location', heading(2, 'location', 'Location')],
  ['an h1 and the headings below', 'a\n\n# B\n\n### C', `<p>a</p>\n${heading(2, 'b', 'B')}\n${heading(4, 'c', 'C')}`],
  ['a heading above an h1', '## A\n\n# B', `${heading(2, 'a', 'A')}\n${heading(2, 'b', 'B')}`],
  ['an h6 below an h1', '# A\n\n###### B', `${heading(2, 'a', 'A')}\n${heading(6, 'b', 'B')}`],
  // Emoji, marks, abbreviations, attributes.
  ['an emoji by name', 'a :tada: b', '<p>a 🎉 b</p>'],
  ['a time', 'at 10:30:45', '<p>at 10:30:45</p>'],
  ['an emoji in code', '`:tada:`', '<p><code>:tada:</code></p>'],
  ['a mark', 'a ==b c== d', '<p>a <mark>b c</mark> d</p>'],
  ['a mark over other marks', '==**a** b *c*==', '<p><mark><strong>a</strong> b <em>c</em></mark></p>'],
  ['a mark in a link', '[==a==](/articles/x/)', '<p><a href="/articles/x/"><mark>a</mark></a></p>'],
  ['a mark over code', 'a ==`b`==', '<p>a <mark><code>b</code></mark></p>'],
  ['a mark over two lines', '==a\nb==', '<p><mark>a\nb</mark></p>'],
  ['a mark in Chinese', '重==点==重', '<p>重<mark>点</mark>重</p>'],
  ['an unclosed mark', '==a **b**', '<p>==a <strong>b</strong></p>'],
  ['the last of two signs that open', '==a ==b==', '<p>==a <mark>b</mark></p>'],
  [
    'an address with signs at its end',
    'https://x.example/a== b',
    '<p><a href="https://x.example/a==">https://x.example/a==</a> b</p>',
  ],
  ['signs as code', '`==a==`', '<p><code>==a==</code></p>'],
  ['a comparison', 'a==b or c==d', '<p>a==b or c==d</p>'],
  ['an escaped mark', 'a \\==b==', '<p>a ==b==</p>'],
  ['an abbreviation', 'An API.\n\n*[API]: x "y"', '<p>An <abbr title="x &#x22;y&#x22;">API</abbr>.</p>'],
  ['an abbreviation as a part of a word', 'APIs.\n\n*[API]: x', '<p>APIs.</p>'],
  ...['Wi-Fi', 'A B', 'C++', 'a_b', 'x.y', 'A/B', "rock 'n' roll"].map((name): [string, string, string] => [
    `the abbreviation ${name}`,
    `The ${name} here.\n\n*[${name}]: m`,
    `<p>The <abbr title="m">${name}</abbr> here.</p>`,
  ]),
  ['attributes of kramdown', 'a{: .b}\n\n{: .c}\n\nd', '<p>a</p>\n<p>d</p>'],
  ['attributes within a line', 'a {: .b} c', '<p>a c</p>'],
  ['attributes of Goldmark', 'a {.b}', '<p>a</p>'],
  ['attributes with a backslash', 'a \\{: .b}', '<p>a {: .b}</p>'],
  ['attributes of a heading', '## A {: .b}', heading(2, 'a', 'A')],
  ['an id with classes', '## A {: .b #c}', heading(2, 'c', 'A')],
  ['the name of a block', 'a ^b-1', '<p>a</p>'],
  // Callouts.
  [
    'a title of its own',
    '> [!warning] Mind *this*\n> b',
    '<div class="callout callout-warning" role="note">\n<p class="callout-title">Mind <em>this</em></p>\n<p>b</p>\n</div>',
  ],
  [
    'a fold',
    '> [!faq]- q\n> b',
    '<details class="callout callout-note">\n<summary class="callout-title">q</summary>\n<p>b</p>\n</details>',
  ],
  ['a quotation', '> [!nothing]\n> b', '<blockquote>\n<p>[!nothing]\nb</p>\n</blockquote>'],
  [
    'a container',
    ':::danger[Mind]\n\n- b\n\n:::',
    '<div class="callout callout-caution" role="note"><p class="callout-title">Mind</p><ul>\n<li>b</li>\n</ul></div>',
  ],
  // Definition lists.
  ['two terms', 'A\nB\n: c\n: d', '<dl>\n<dt>A</dt>\n<dt>B</dt>\n<dd>c</dd>\n<dd>d</dd>\n</dl>'],
  ['separate terms', 'A\n: b\n\nC\n: d', '<dl>\n<dt>A</dt>\n<dd>b</dd>\n<dt>C</dt>\n<dd>d</dd>\n</dl>'],
  ['a meaning after an empty line', '*A*\n\n: b', '<dl>\n<dt><em>A</em></dt>\n<dd>b</dd>\n</dl>'],
  ['a meaning over two lines', 'A\n: b\nc', '<dl>\n<dt>A</dt>\n<dd>b\nc</dd>\n</dl>'],
  ['a colon within a line', 'A : b', '<p>A : b</p>'],
  // Code.
  [
    'highlighted code',
    '```js\nlet a = 1\n```',
    '<pre><code class="language-js"><span class="hljs-keyword">let</span> a = <span class="hljs-number">1</span>\n</code></pre>',
  ],
  ['an unknown language', '```zz\na\n```', '<pre><code class="language-zz">a\n</code></pre>'],
  ['code without a language', '```\nlet a\n```', '<pre><code>let a\n</code></pre>'],
  // Math and money.
  ['prices', 'From $5 to $10, or US$6 and CA$7.', '<p>From $5 to $10, or US$6 and CA$7.</p>'],
  ['names of variables', '$HOME and $PATH', '<p>$HOME and $PATH</p>'],
  ['an escaped dollar', '\\$a$', '<p>$a$</p>'],
  // HTML.
  ['keys', '<kbd>a</kbd>b<br/>c', '<p><kbd>a</kbd>b<br>c</p>'],
  ['a ruby', '<ruby>春<rt>はる</rt></ruby>', '<p><ruby>春<rt>はる</rt></ruby></p>'],
  ['a direction', '<bdi dir="rtl" lang="ar">ا</bdi>', '<p><bdi dir="rtl" lang="ar">ا</bdi></p>'],
  [
    'a figure',
    '<figure>\n<img src="https://x.example/y.png" alt="a" width="30">\n<figcaption>b</figcaption>\n</figure>',
    '<figure>\n<img src="https://x.example/y.png" alt="a" width="30">\n<figcaption>b</figcaption>\n</figure>',
  ],
  ['an image on a line', '<img src="https://x.example/y.png">', '<p><img src="https://x.example/y.png"></p>'],
  ['Markdown in a fold', '<details open>\n\n*a*\n\n</details>', '<details open>\n<p><em>a</em></p>\n</details>'],
  ['types', 'Map<Key> and vector<T>', '<p>Map&#x3C;Key> and vector&#x3C;T></p>'],
  ['a comment beside HTML', '<kbd>a<!-- b --></kbd>', '<p><kbd>a</kbd></p>'],
  ['a comment of MDX', 'a\n\n{/* b */}', '<p>a</p>'],
  // Links.
  ['a link to a file', '[a](./other.md#b)', '<p><a href="/articles/other/#user-content-b">a</a></p>'],
  ['a link to a folder', '[a](../x/index.md)', '<p><a href="/articles/x/">a</a></p>'],
  ['a link in Arabic', '[a](./عربي.md)', '<p><a href="/articles/%D8%B9%D8%B1%D8%A8%D9%8A/">a</a></p>'],
  ['a link to a file by definition', '[a]\n\n[a]: ./other.md', '<p><a href="/articles/other/">a</a></p>'],
  [
    'a link to a note',
    '[[A note]], [[A note|b]]',
    '<p><a href="/articles/a-note/">A note</a>, <a href="/articles/a-note/">b</a></p>',
  ],
  ['escaped brackets', '\\[\\[a]]', '<p>[[a]]</p>'],
  [
    'a link to a heading by its id in kramdown',
    '[a](#b--c)\n\n## B & c',
    `<p><a href="#user-content-b--c">a</a></p>\n<div`,
  ],
  ['a link to a heading by its text', '[a](<#B, c!>)\n\n## B, c!', `<p><a href="#user-content-b-c">a</a></p>\n<div`],
  ['a link to the top', '[a](#top)', '<p><a href="#">a</a></p>'],
  ['a link to a missing heading without an address', '[a](#b)', '<p><a>a</a></p>'],
  ['a telephone', '[a](tel:+15550100)', '<p><a href="tel:+15550100">a</a></p>'],
  // Lines.
  ['Japanese over two lines', '春の庭は\n静かです', '<p>春の庭は静かです</p>'],
  ['Chinese over two lines', '很清新，\n鸟儿（在枝头）\n歌唱', '<p>很清新，鸟儿（在枝头）歌唱</p>'],
  ['Korean over two lines', '그 눈을\n쓸어', '<p>그 눈을\n쓸어</p>'],
  ['English over two lines', 'a\nb', '<p>a\nb</p>'],
])('renders %s', (_, markdown, expected) => {
  const whole = html(markdown)
  expect(expected.endsWith('<div') ? whole.slice(0, expected.length) : whole).toBe(expected)
})

test.each([
  ['is dropped', '# On ponds\n\nText.', '<p>Text.</p>'],
  ['is dropped if underlined', 'On Ponds\n===\n\nText.', '<p>Text.</p>'],
  ['is dropped despite other marks', '# *On* ponds!\n\nText.', '<p>Text.</p>'],
  ['is dropped without the next heading', '# On ponds\n\n## A', heading(2, 'a', 'A')],
  [
    'is kept after another heading',
    '## A\n\n# On ponds',
    `${heading(2, 'a', 'A')}\n${heading(2, 'on-ponds', 'On ponds')}`,
  ],
  ['is kept if it is an h2', '## On ponds', heading(2, 'on-ponds', 'On ponds')],
])('the h1 that repeats the title: %s', (_, markdown, expected) => {
  expect(html(`${markdown}\n\nEnd.`, { title: 'On ponds' })).toBe(`${expected}\n<p>End.</p>`)
})

test('a formula becomes MathML without styles', () => {
  const made = html('$\\color{red}{x}$\n\n$$\n\\begin{aligned}a&=b\\\\c&=d\\end{aligned}\n$$\n\n$$\\text{<b>}$$')
  expect(made).toContain('<mi mathcolor="#ff0000">x</mi>')
  expect(made).toContain('<mtable')
  expect(made).toContain('&#x3C;b>')
  expect(made.match(/display="block"/g)).toHaveLength(2)
  expect(made).not.toContain(' style=')
})

const said = (markdown: string, options: RenderOptions = {}): string[] => {
  const result = renderArticle(markdown, 'PUBLIC', { linkTo, ...options })
  const list = Array.isArray(result) ? result : result.warnings
  return list.map(({ line, message }) => `${line}: ${message}`)
}

test.each([
  ['Hugo’s shortcodes', 'a\n{{< youtube x >}}\n{{% note %}}', ['2: has a shortcode', '3: has a shortcode']],
  ['Jekyll’s tags', '{% include a.html %}', ['1: has a shortcode']],
  ['an expression in an address', '[a]({{site.url}}/b)', ['1: has a shortcode', '1: has a relative link']],
  ['an expression in a text', 'a {{ page.title }}', ['1: has a shortcode']],
  ['an import', "import A from './a'", ['1: has an MDX import or export']],
  ['an export', 'export const a = 1', ['1: has an MDX import or export']],
  [
    'a component',
    'a <Tabs>b</Tabs>',
    ['1: has raw HTML, the component <Tabs>', '1: has raw HTML, the component <Tabs>'],
  ],
  ['a comment of MDX in a line', 'a {/* b */} c', ['1: has an MDX comment inside a text']],
  ['text between two comments of MDX', '{/* a */} b {/* c */}', ['1: has an MDX comment inside a text']],
  ['a comment of Obsidian', 'a %%b%% c', ['1: has %%, which starts a comment in Obsidian']],
  ['a comment of a template', 'a {# b #} c', ['1: has a comment of a template']],
  ['a comment of kramdown', '{::comment}\na\n{:/comment}', ['1: has a kramdown block']],
  ['an expression in an attribute', '<abbr title="{{ a }}">b</abbr>', ['1: has raw HTML that contains a shortcode']],
  [
    'a table row with too many cells',
    '| a |\n|---|\n| b |\n| c | d |',
    ['4: has a table row with more cells than columns'],
  ],
  ['two footnotes with one name', 'a[^1]\n\n[^1]: b\n\n[^1]: c', ['5: has a second footnote with the same name']],
  ['a link that matches two files', 'a\n\n[b](twice.md)', ['3: has a relative link whose name matches more than one']],
  ['a note name that matches two files', '[[twice]]', ['1: has a [[link]] whose name matches more than one']],
  [
    'too many abbreviations',
    Array.from({ length: 201 }, (_, index) => `*[A${index}]: b\n`).join('\n'),
    ['401: has more than 200 abbreviations'],
  ],
  ['a file of Obsidian', '![[a.png]]', ['1: embeds a file']],
  ['a block of MkDocs', '!!! note\n    a', ['1: has a block of MkDocs']],
  ['a container without brackets', ':::note Mind\na\n:::', ['1: has a block that begins with colons']],
  [
    'a container with a long title',
    `a\n\n:::note[${'b '.repeat(300)}]\nc\n:::`,
    ['3: opens a block with colons on a line of more'],
  ],
  ['an unknown container', ':::tabs\na\n:::', ['1: has a block that begins with colons']],
  ['an image by http', '![a](http://x.example/y.png)', ['1: has an image to http:']],
  ['an image without a protocol', '![a](//x.example/y.png)', ['1: has an image without a full https: address']],
  ['an image by definition', 'a\n\n![b][c]\n\n[c]: http://x.example/y.png', ['3: has an image to http:']],
  ['an image by HTML', '<img src="a.png">', ['1: has raw HTML: it has an image without a full https: address']],
  ['an image without an address', 'a ![b]()', ['1: has an image without a full https: address']],
  ['a link to a missing file', 'a\n\n[b](./no.md)', ['3: has a relative link that leads to no article']],
  ['a link to a missing folder', '[b](no/)', ['1: has a relative link that leads to no article']],
  ['an invalid formula', 'a\n$\\frac{1$', ['2: has a formula that is not valid TeX']],
  ['a formula that is too long', `$${'x'.repeat(5001)}$`, ['1: has a formula longer than 5000 characters']],
  ['an unclosed element', 'a <kbd>b', ['1: has raw HTML: <kbd> is not closed']],
  ['an unclosed details element', '<details>\n\na', ['1: has raw HTML: <details> is not closed']],
  ['overlapping elements', '<kbd><sub></kbd></sub>', ['1: has raw HTML: </kbd> has no opening tag']],
  [
    'a details element in a line',
    'a <details>b</details>',
    ['1: has raw HTML: <details> must be on a line of its own'],
  ],
])('refuses %s and names the line', (_, markdown, messages) => {
  expect(said(markdown)).toEqual(expect.arrayContaining(messages.map((message) => expect.stringContaining(message))))
  expect(Array.isArray(renderArticle(markdown, 'PUBLIC', { linkTo }))).toBe(true)
})

test.each([
  ['a link to a missing note', 'a\n\n[[No such]]', '3: has a [[link]] that leads to no article'],
  ['a link to a missing heading', '[a](#b)', '1: has a link to a heading that is not in the article'],
  ['a link without an address', '[a]()', '1: has a link without an address'],
  ['an unknown address of the site', '[a](/2020/b.html)', '1: has a link to an address of this site'],
  ['a word between colons', 'a :zzzz: b', '1: has a word between colons'],
  ['attributes', 'a{: .b}', '1: has attributes in braces'],
  ['attributes of Goldmark', 'a {.b}', '1: has attributes in braces'],
  ['a table of contents of kramdown', 'a\n\n* TOC\n{:toc}', '3: has a placeholder for a table of contents'],
  ['a subscript of Pandoc', 'H~2~O', '1: has a word between single ~'],
  ['a superscript of Pandoc', 'x^2^', '1: has a word between ^'],
  ['an unused abbreviation', 'a\n\n*[B]: c', '3: defines an abbreviation that does not occur in its part of the text'],
  ['a footnote without a reference', 'a\n\n[^1]: b', '3: has a footnote without a reference'],
  ['a footnote that refers to itself', 'a\n\n[^1]: b[^1]', '3: has a footnote without a reference'],
  ['attributes of a container', ':::note{title="b"}\na\n:::', '1: has attributes after the name of a block'],
  ['code with marks of Jekyll', '```\n{% raw %}\n```', '1: has code with escape marks of another generator'],
  ['code with marks of Hugo', '`{{</* a */>}}`', '1: has code with escape marks of another generator'],
  ['a video of Gatsby', '`youtube: https://x.example/v`', '1: has code that another generator replaces'],
  ['attributes of a heading', '## A {#b .c}', '1: has heading attributes'],
  ['the name of a block', 'a ^b1', '1: has the name of a block'],
  ['words after a language', '```js {1,2}\na\n```', '1: has code with words after its language'],
  ['an unknown attribute', '<figure class="a">b</figure>', '1: has HTML with the attribute class, which is ignored'],
])('publishes with a warning: %s', (_, markdown, message) => {
  expect(Array.isArray(renderArticle(markdown, 'PUBLIC'))).toBe(false)
  expect(said(markdown)).toEqual([expect.stringContaining(message)])
})

test('braces are refused only in MDX', () => {
  expect(said('a {: .b}', { mdx: true })).toEqual([expect.stringContaining('1: has an MDX expression')])
  expect(said('a {b} c')).toEqual([])
  expect(said('a\n{b} c', { mdx: true })).toEqual([expect.stringContaining('2: has an MDX expression')])
  expect(said('## A {#b}', { mdx: true })).toEqual([])
})

test.each([
  '{{< a >}}',
  '{% a %}',
  '{{ a }}',
  'import A from "a"',
  '%%a%%',
  '![[a]]',
  ':::note Mind',
  '<Tabs>',
  '$\\frac{',
])('%s as code is shown unchanged', (text) => {
  expect(said(`\`${text}\``)).toEqual([])
  expect(said(`\`\`\`\n${text}\n\`\`\``)).toEqual([])
})

test.each(['\\{{ a }}', '\\{% a %}', '100\\%\\% sure', '\\![[a]]', '\\$\\frac{'])('escaped %s is text', (text) => {
  expect(said(text).filter((message) => !message.includes('[[link]]'))).toEqual([])
})
