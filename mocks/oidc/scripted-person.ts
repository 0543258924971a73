import { createPageClient, type Page } from './page-client.ts'
import { headingOf, readForm } from './page-form.ts'

/** What a person does on the pages of a provider. */
export interface Decision {
  /** Default true. */
  approve?: boolean
  /** Login name typed when the provider asks who is there. Default `dev`. */
  login?: string
}

/** The last page that a sign-in came to. */
export interface LastPage {
  url: string
  status: number
  html: string
}

/** The pages did not lead where they should; the message says what stood on the last one. */
export class PageFailure extends Error {}

const mostSteps = 20

/** A person at a browser, over HTTP: opens pages, fills in and sends their forms, follows redirects. */
export function createScriptedPerson(origin: string, certificate?: string) {
  /** Goes on until a page without a form, or one outside of the provider. */
  const walk = async (address: string, { approve = true, login = 'dev' }: Decision): Promise<LastPage> => {
    // A new browser each time: no user is signed in yet.
    const browser = createPageClient(origin, certificate)
    let page = await browser.open(new URL(address))
    for (let step = 0; step < mostSteps; step += 1) {
      const next = page.location
      const form = next === undefined && page.url.origin === origin ? readForm(page.html) : undefined
      if (next !== undefined) page = await browser.open(next)
      else if (form === undefined || form.inputs.includes('user_code')) return lastPage(page)
      else page = await browser.send(new URL(form.action, page.url), answer(form.fields, approve, login))
    }
    throw new PageFailure(`more than ${mostSteps} pages, the last one at ${page.url.pathname}`)
  }

  return {
    /** Approves or denies a device code on the pages of `verificationUri`, which holds the code. */
    async decide(verificationUri: string, decision: Decision = {}): Promise<void> {
      const page = await walk(verificationUri, decision)
      const expected = decision.approve === false ? 'Enter the code from your terminal' : 'Signed in'
      const heading = headingOf(page.html)
      if (heading !== expected) throw new PageFailure(`the pages ended with ${page.status} "${heading}"`)
    },
    /** Follows an authorization request to the end: the page of the program that waits on loopback. */
    visit: (address: string, decision: Decision = {}): Promise<LastPage> => walk(address, decision),
  }
}

function answer(fields: Record<string, string>, approve: boolean, login: string): Record<string, string> {
  if ('confirm' in fields) return approve ? fields : { ...fields, abort: 'yes' }
  if ('logout' in fields || !('prompt' in fields)) return fields
  // Who declines signs in first: the harder way through the pages.
  if (fields.prompt === 'login') return { ...fields, login, password: 'any', decision: 'approve' }
  return { ...fields, decision: approve ? 'approve' : 'abort' }
}

function lastPage({ url, status, html }: Page): LastPage {
  return { url: url.href, status, html }
}
