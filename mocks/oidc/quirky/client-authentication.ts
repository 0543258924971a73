import type { RecordedRequest } from '../../http/recorded-request.ts'
import type { Reply } from '../../http/reply.ts'
import { formOf } from '../secrets.ts'
import type { Dialect } from './dialect.ts'
import type { QuirkyParts } from './parts.ts'
import { refuse } from './refuse.ts'

interface Claimed {
  clientId?: string
  clientSecret?: string
}

/** Undefined when the client is who it says; `withSecret: false` where the id will do. */
export function refuseClient(
  { dialect, clientId: ours, clientSecret: secret }: QuirkyParts,
  request: RecordedRequest,
  { withSecret }: { withSecret: boolean },
): Reply | undefined {
  const { clientId, clientSecret } = claimedBy(request, dialect.takesSecret)
  const refused = (description: string) =>
    dialect.refusedClient?.(description) ?? refuse(dialect, 'invalid_client', description, 401)
  if (clientId !== ours) return refused('unknown client')
  if (!withSecret || clientSecret === secret) return undefined
  if (clientSecret === undefined && dialect.secretRequired)
    return refuse(dialect, 'invalid_request', 'client_secret is missing.', 400)
  return refused('wrong client secret')
}

/**
 * Who asks: from the Authorization header, where both parts are form-encoded before base64, or from the form; with `only` from that
 * place alone, and `basic-raw` does not decode them.
 */
function claimedBy(request: RecordedRequest, only: Dialect['takesSecret']): Claimed {
  const { client_id: formId, client_secret: formSecret } = formOf(request)
  const inForm = { ...(formId && { clientId: formId }), ...(formSecret && { clientSecret: formSecret }) }
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (only === 'post' || basic === undefined)
    return only === undefined || only === 'post' || formSecret === undefined ? inForm : { clientId: '' }
  const text = Buffer.from(basic, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  const parts = [text.slice(0, colon), text.slice(colon + 1)]
  const [clientId = '', clientSecret = ''] = only === 'basic-raw' ? parts : parts.map(decodeForm)
  return { clientId, clientSecret }
}

function decodeForm(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
