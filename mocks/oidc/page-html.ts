import { createHash } from 'node:crypto'
import { escapeHtml } from '../http/escape-html.ts'

const style = `
:root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif; }
body { margin: 0; padding: 2rem 1rem; display: grid; justify-items: center; }
main { width: 100%; max-width: 30rem; }
header { color: GrayText; }
h1 { font-size: 1.4rem; line-height: 1.3; }
code { font-size: 1.8rem; letter-spacing: .08em; }
label { display: block; margin: .8rem 0; font-weight: 600; }
input { display: block; width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; }
button { margin: .5rem .5rem 0 0; padding: .5rem 1.2rem; font: inherit; cursor: pointer; }
dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
[role=alert] { padding: .6rem .8rem; border-left: 3px solid #b3261e; }
`

/** Nothing may be loaded or run; only this very style sheet. Forms may end at a program's loopback address. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

export function loginPage(action: string, problem?: string): string {
  return page(
    'Sign in',
    `<h1>Sign in</h1>
    ${alert(problem)}
    <form method="post" action="${escapeHtml(action)}">
      <input type="hidden" name="prompt" value="login">
      <label>Name <input type="text" name="login" required autofocus autocomplete="username"></label>
      <label>Password <input type="password" name="password" autocomplete="current-password"></label>
      <button type="submit" name="decision" value="approve">Sign in</button>
      <button type="submit" name="decision" value="abort" formnovalidate>Cancel</button>
    </form>`,
  )
}

export function consentPage(
  action: string,
  asks: { clientId: string; login: string; scope: string },
): string {
  return page(
    'Allow access',
    `<h1>Allow access?</h1>
    <dl>
      <dt>Program</dt><dd>${escapeHtml(asks.clientId)}</dd>
      <dt>Signs in as</dt><dd>${escapeHtml(asks.login)}</dd>
      <dt>Asks for</dt><dd>${escapeHtml(asks.scope)}</dd>
    </dl>
    <form method="post" action="${escapeHtml(action)}">
      <input type="hidden" name="prompt" value="consent">
      <button type="submit" name="decision" value="approve">Approve</button>
      <button type="submit" name="decision" value="abort">Deny</button>
    </form>`,
  )
}

/** `form` is the provider's own, with an input for the code; buttons are what it lacks. */
export function codePage(form: string, problem?: string): string {
  return page(
    'Enter the code',
    `<h1>Enter the code from your terminal</h1>
    ${alert(problem)}
    ${form.replace('type="text"', 'type="text" aria-label="Code"')}
    <button type="submit" form="op.deviceInputForm">Continue</button>`,
  )
}

/** `form` is the provider's own and holds nothing visible. */
export function confirmPage(form: string, clientId: string, userCode: string): string {
  return page(
    `Confirm ${userCode}`,
    `<h1>Is this the code in your terminal?</h1>
    <p><code id="code">${escapeHtml(userCode)}</code></p>
    <p>A program, <strong>${escapeHtml(clientId)}</strong>, asks to sign in as you. If the codes differ, or if you did not
      start this yourself, choose Deny.</p>
    ${form}
    <button type="submit" form="op.deviceConfirmForm">Continue</button>
    <button type="submit" form="op.deviceConfirmForm" name="abort" value="yes">Deny</button>`,
  )
}

/** `form` is the provider's own and holds nothing visible. */
export function logoutPage(form: string): string {
  return page(
    'Sign out',
    `<h1>Sign out?</h1>
    ${form}
    <button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
    <button type="submit" form="op.logoutForm">Stay signed in</button>`,
  )
}

export function messagePage(title: string, text: string): string {
  return page(title, `<h1>${escapeHtml(title)}</h1>\n    <p>${escapeHtml(text)}</p>`)
}

function alert(problem: string | undefined): string {
  return problem === undefined ? '' : `<p role="alert">${escapeHtml(problem)}</p>`
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(title)} · Mock OIDC provider</title>
  <link rel="icon" href="data:,">
  <style>${style}</style>
</head>
<body>
  <main>
    <header>Mock OIDC provider. For tests and trials; no real account is involved.</header>
    ${content}
  </main>
</body>
</html>
`
}
