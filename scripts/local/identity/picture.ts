import type { ServerResponse } from 'node:http'

/** Sends a member's picture: one or two initials on a colour of their own. */
export function sendPicture(response: ServerResponse, initials: string): void {
  const hue = [...initials].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 360
  response.writeHead(200, {
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=86400',
    'cross-origin-resource-policy': 'cross-origin',
    'content-security-policy': "default-src 'none'",
  })
  response.end(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">' +
      `<rect width="96" height="96" fill="hsl(${hue} 45% 38%)"/>` +
      '<text x="48" y="62" font-family="sans-serif" font-size="40" fill="#fff" text-anchor="middle">' +
      `${initials}</text></svg>`,
  )
}
