import { createHash } from 'node:crypto'

// Development only. The page embeds Apollo Sandbox with a first query. If the browser cannot load it from Apollo's network, the page
// shows a curl command instead.

const firstQuery = `# Send a token to see more: in "Headers" set Authorization to Bearer <token>,
# with a token from: npm run --silent token -- --as subscriber
query FirstLook {
  articles(first: 3) {
    nodes {
      slug
      title
      visibility
      access { granted reason requiredPlans { slug } }
      body { rest }
    }
    pageInfo { hasNextPage endCursor }
  }
  viewer { name membership { plan { name } currentPeriodEnd } }
}
`

const settings = {
  target: '#sandbox',
  initialState: { document: firstQuery, includeCookies: false, pollForSchemaUpdates: false },
  runTelemetry: false,
}
// The endpoint has the page's own origin: localhost and 127.0.0.1 are different origins.
const start = `
new window.EmbeddedSandbox({ ...${JSON.stringify(settings)}, initialEndpoint: location.origin + location.pathname });
document.getElementById('plain').remove();
`
const style = `html,body{height:100%;margin:0;font:16px/1.5 system-ui,sans-serif}#sandbox{position:fixed;inset:0}
#sandbox:empty{position:static}iframe{width:100%;height:100%;border:0}#plain{max-width:46rem;margin:3rem auto;padding:0 1rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:1rem;background:#f2efe9;border-radius:.4rem;color:#222}`

/** Returns the page. @param endpoint the address of this API, for the curl command */
export function sandboxPage(endpoint: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Gatepost API</title>
<style>${style}</style>
<main id="plain">
<h1>Gatepost API</h1>
<p>Apollo Sandbox opens here if this browser can reach Apollo’s network. Otherwise, send a query from a terminal:</p>
<pre>curl ${endpoint} -H 'content-type: application/json' \\
  -d '{"query":"{ articles(first: 3) { nodes { slug title access { reason } } } }"}'</pre>
</main>
<div id="sandbox"></div>
<script src="https://embeddable-sandbox.cdn.apollographql.com/_latest/embeddable-sandbox.umd.production.min.js"></script>
<script>${start}</script>
</html>
`
}

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Returns the page's Content-Security-Policy: Apollo's three hosts, the inline script by its hash, and inline styles for the sandbox. */
export function sandboxPolicy(): string {
  return [
    "default-src 'none'",
    `script-src https://embeddable-sandbox.cdn.apollographql.com https://apollo-server-landing-page.cdn.apollographql.com ${sha256(start)}`,
    "style-src 'unsafe-inline'",
    'frame-src https://sandbox.embed.apollographql.com',
    "connect-src 'self'",
    "img-src 'self' https://apollo-server-landing-page.cdn.apollographql.com data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}
