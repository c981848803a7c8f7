/** Draws the picture of a member: one or two initials on a colour that depends on them. */
export function pictureOf(initials: string): { headers: Record<string, string>; svg: string } {
  const hue = [...initials].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 360
  const headers = {
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=86400',
    'cross-origin-resource-policy': 'cross-origin',
    'content-security-policy': "default-src 'none'",
  }
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">' +
    `<rect width="96" height="96" fill="hsl(${hue} 45% 38%)"/>` +
    '<text x="48" y="62" font-family="sans-serif" font-size="40" fill="#fff" text-anchor="middle">' +
    `${initials}</text></svg>`
  return { headers, svg }
}
