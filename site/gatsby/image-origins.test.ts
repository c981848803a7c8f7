import { expect, test } from '@jest/globals'
import { imageOriginsOf } from './image-origins.ts'

test.each<[string, string[]]>([
  ['<p>No image, https://words.example</p>', []],
  ['<img src="https://a.example/x.png" alt="">', ['https://a.example']],
  ['<img alt="" src="https://a.example:8443/x.png?y=1&amp;z=2">', ['https://a.example:8443']],
  ['<IMG SRC="HTTPS://A.EXAMPLE/x.png">', ['https://a.example']],
  [
    '<img src="https://b.example/x.png"><img src="https://a.example/1"><img src="https://a.example/2">',
    ['https://a.example', 'https://b.example'],
  ],
  [
    '<picture><source srcset="https://a.example/1 1x, https://b.example/2 2x"></picture>',
    ['https://a.example', 'https://b.example'],
  ],
  ['<img alt="a > b, <c" src="https://a.example/x.png">', ['https://a.example']],
  ['<img title=\'"\' alt=">" src="https://a.example/x.png">', ['https://a.example']],
  ['<img alt=\' src="https://words.example/" \'>', []],
  ['<img src="http://plain.example/x.png">', []],
  ['<img src="/own.png"><img src="data:image/png;base64,AA"><img src="//other.example/x.png">', []],
  ['<img src="https://">', []],
  ['<img src="https://a.example; script-src \'unsafe-inline\'">', []],
  ['<a href="https://link.example/">a link</a>', []],
])('of %j the origins are %j', (html, origins) => {
  expect(imageOriginsOf([{ preview: html, rest: null }])).toEqual(origins)
  expect(imageOriginsOf([{ preview: '', rest: html }])).toEqual(origins)
})
