import { createHash } from 'node:crypto'
import { escapeHtml } from '../http/escape-html.ts'
import type { DeviceGrant } from './device-codes.ts'
import { pageStyle } from './page-style.ts'

/** Nothing may be loaded or run; only this very style sheet, and forms to this very server. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'`,
  'img-src data:',
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** Where a person types the code. `problem` says why the one `typed` before was not taken. */
export function enterCodePage(problem?: string, typed = ''): string {
  const alert =
    problem === undefined ? '' : `<p class="alert" id="problem" role="alert">${escapeHtml(problem)}</p>`
  const invalid = problem === undefined ? '' : ' aria-invalid="true"'
  return page(
    'Enter the code',
    `<h1>Enter the code from your terminal</h1>
    ${alert}
    <form method="get" action="/device/code">
      <label for="user_code">Code</label>
      <input type="text" id="user_code" name="user_code" required autofocus autocomplete="off" autocapitalize="characters"
        spellcheck="false" maxlength="20" value="${escapeHtml(typed)}" placeholder="XXXX-XXXX" aria-describedby="${problem === undefined ? '' : 'problem '}hint"${invalid}>
      <p class="hint" id="hint">Eight letters. Upper or lower case, with or without the dash.</p>
      <div class="actions"><button type="submit">Continue</button></div>
    </form>`,
  )
}

export function confirmPage(grant: DeviceGrant, directory: string, csrfToken: string): string {
  const { askedBy, userCode } = grant
  const time = `${askedBy.at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  return page(
    `Confirm ${userCode}`,
    `<h1>Is this the code in your terminal?</h1>
    <p>A program asks to sign in to the directory <strong>${escapeHtml(directory)}</strong> as you.</p>
    <p class="code" id="code">${escapeHtml(userCode)}</p>
    <dl>
      <dt>Client</dt><dd>${escapeHtml(askedBy.clientId)}</dd>
      <dt>Address</dt><dd>${escapeHtml(askedBy.address)}</dd>
      <dt>Program</dt><dd>${escapeHtml(askedBy.userAgent)}</dd>
      <dt>Asked at</dt><dd><time datetime="${askedBy.at.toISOString()}">${time}</time></dd>
    </dl>
    <p class="note" id="advice">Compare the code with the one in your terminal. If they differ, or if you did not start this
      sign-in yourself, choose Deny.</p>
    <form method="post" action="/device/code">
      <input type="hidden" name="user_code" value="${escapeHtml(userCode)}">
      <input type="hidden" name="csrf_token" value="${escapeHtml(csrfToken)}">
      <div class="actions">
        <button type="submit" name="decision" value="approve" aria-describedby="code advice">Approve</button>
        <button type="submit" name="decision" value="deny" class="quiet">Deny</button>
      </div>
    </form>`,
  )
}

export function approvedPage(userCode: string): string {
  return page(
    'Approved',
    `${mark('M6 12.5l4 4 8-9', 'mark')}
    <h1>Request approved</h1>
    <p>The terminal that shows <strong>${escapeHtml(userCode)}</strong> will be signed in within a few seconds.</p>
    <p>You can close this window.</p>`,
  )
}

export function deniedPage(userCode: string): string {
  return page(
    'Denied',
    `${mark('M7.5 7.5l9 9m0-9l-9 9', 'mark stopped')}
    <h1>Request denied</h1>
    <p>Nothing was handed out for <strong>${escapeHtml(userCode)}</strong>. If another person sent you the code,
      they were trying to sign in as you.</p>
    <p>You can close this window.</p>`,
  )
}

export function refusedPage(reason: string): string {
  return page(
    'Not accepted',
    `<h1>This was not accepted</h1>
    <p class="alert" role="alert">${escapeHtml(reason)}</p>
    <p>Nothing was approved. Open the address from your terminal again.</p>`,
  )
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>${escapeHtml(title)} · Mock CloudSSO portal</title>
  <link rel="icon" href="data:,">
  <style>${pageStyle}</style>
</head>
<body>
  <header class="brand">
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" aria-hidden="true">
      <path d="M5 21V11a7 7 0 0 1 14 0v10M3 21h18M12 13v3"/><circle cx="12" cy="11.5" r="1.5"/>
    </svg>
    <p><strong>Mock CloudSSO portal</strong><span>For tests and trials. No real account is involved.</span></p>
  </header>
  <main>
    ${content}
  </main>
</body>
</html>
`
}

function mark(path: string, className: string): string {
  return `<svg class="${className}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
      stroke-linejoin="round" aria-hidden="true"><circle cx="12" cy="12" r="10.5"/><path d="${path}"/></svg>`
}
