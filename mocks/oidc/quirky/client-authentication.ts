import type { RecordedRequest } from '../../http/recorded-request.ts'
import { formOf } from '../secrets.ts'

/** Who asks: from the Authorization header, where both parts are form-encoded before base64, or from the form. */
export function clientOf(request: RecordedRequest): { clientId?: string; clientSecret?: string } {
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (basic === undefined) {
    const { client_id: clientId, client_secret: clientSecret } = formOf(request)
    return { ...(clientId && { clientId }), ...(clientSecret && { clientSecret }) }
  }
  const [clientId = '', clientSecret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  return { clientId: decodeForm(clientId), clientSecret: decodeForm(clientSecret) }
}

function decodeForm(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
