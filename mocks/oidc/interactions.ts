import type { IncomingMessage, ServerResponse } from 'node:http'
import type { InteractionResults, Provider } from 'oidc-provider'
import type { OidcSettings } from './options.ts'
import { consentPage, loginPage, messagePage, pagePolicy } from './page-html.ts'

const path = /^\/interaction\/[\w-]+$/

export function isInteraction(message: IncomingMessage): boolean {
  return path.test(new URL(message.url ?? '/', 'http://mock.invalid').pathname)
}

/** The two pages that oidc-provider leaves to its user: who are you, and do you agree. */
export async function interact(
  provider: Provider,
  settings: OidcSettings,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const details = await provider.interactionDetails(message, response).catch((error: Error) => {
    if (error.name === 'SessionNotFound') return undefined
    throw error
  })
  if (details === undefined) {
    return send(response, 400, messagePage('This page is out of date', 'Open the address again.'))
  }
  const action = message.url ?? ''
  const login = details.session?.accountId ?? ''
  const clientId = String(details.params.client_id)
  const ask = (problem?: string): string =>
    details.prompt.name === 'login'
      ? loginPage(action, problem)
      : consentPage(action, { clientId, login, scope: String(details.params.scope) })
  if (message.method !== 'POST') return send(response, 200, ask())

  const form = await readForm(message)
  const finish = (result: InteractionResults) =>
    provider.interactionFinished(message, response, result, { mergeWithLastSubmission: false })
  if (form.get('decision') === 'abort') {
    return finish({ error: 'access_denied', error_description: 'the person declined' })
  }
  if (form.get('prompt') !== details.prompt.name) return send(response, 400, ask('The form is out of date.'))
  if (details.prompt.name === 'login') {
    const name = form.get('login') ?? ''
    if (!Object.hasOwn(settings.users, name)) return send(response, 200, ask('There is no such user.'))
    return finish({ login: { accountId: name } })
  }
  const grant =
    (details.grantId && (await provider.Grant.find(details.grantId))) ||
    new provider.Grant({ accountId: login, clientId })
  grant.addOIDCScope(String(details.params.scope))
  grant.addResourceScope(settings.apiAudience, String(details.params.scope))
  return finish({ consent: { grantId: await grant.save() } })
}

async function readForm(message: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': pagePolicy,
    'cache-control': 'no-store',
  })
  response.end(html)
}
