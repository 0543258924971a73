/** The approval did not go through; the message says what the page answered. */
class PageFailure extends Error {}

/**
 * Approves a device code as a person with a browser does: opens the page, takes its cookie and the hidden fields of its
 * form, and sends the form with the button "Approve". Throws `PageFailure` when the page does not play along.
 */
export async function approveOnPage(pageUrl: string): Promise<void> {
  const page = await fetch(pageUrl)
  const html = await page.text()
  const form = new URLSearchParams(hiddenFields(html))
  if (!page.ok || !form.has('csrf_token')) throw new PageFailure(`the page answered ${page.status}`)
  form.set('decision', 'approve')
  const answer = await fetch(new URL(pageUrl).origin + formAction(html), {
    method: 'POST',
    headers: {
      origin: new URL(pageUrl).origin,
      'sec-fetch-site': 'same-origin',
      cookie: page.headers.getSetCookie().map(nameAndValue).join('; '),
    },
    body: form,
  })
  const reply = await answer.text()
  if (!answer.ok || !reply.includes('Request approved')) {
    throw new PageFailure(`the form was answered ${answer.status}`)
  }
}

function hiddenFields(html: string): Record<string, string> {
  const fields = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]))
}

function formAction(html: string): string {
  return html.match(/<form method="post" action="([^"]+)"/)?.[1] ?? ''
}

/** `a=1; Path=/` -> `a=1` */
function nameAndValue(setCookie: string): string {
  return setCookie.split(';')[0] ?? ''
}
