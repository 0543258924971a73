import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply, ReplyHeaders } from '../http/reply.ts'
import type { DeviceCodes, DeviceGrant } from './device-codes.ts'
import {
  approvedPage,
  confirmPage,
  contentSecurityPolicy,
  deniedPage,
  enterCodePage,
  refusedPage,
} from './page-html.ts'

const sessionCookie = 'mock_device_session'

const pageHeaders: ReplyHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cache-control': 'no-store',
  // Not no-referrer: under that policy browsers send `Origin: null` with the form.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

const notUsable =
  'This code is unknown, has expired or has been used. Start again in your terminal to get a new one.'

/** The two routes of the page where a person approves or denies a device code. */
export function createDevicePage(deviceCodes: DeviceCodes, directory: string, baseUrl: () => string) {
  const key = randomBytes(32)
  const csrfToken = (session: string, userCode: string) =>
    createHmac('sha256', key).update(`${session} ${userCode}`).digest('base64url')

  const findPending = (userCode: string): DeviceGrant | undefined => {
    const grant = deviceCodes.findByUserCode(userCode)
    return grant?.state === 'pending' && !deviceCodes.isExpired(grant) ? grant : undefined
  }

  return {
    show(request: RecordedRequest): Reply {
      const typed = request.query.user_code
      if (!typed) return html(200, enterCodePage())
      const grant = findPending(typed)
      if (grant === undefined) return html(404, enterCodePage(notUsable, typed))
      const known = sessionOf(request)
      const session = known ?? randomBytes(24).toString('base64url')
      const cookie = `${sessionCookie}=${session}; Path=/device; HttpOnly; SameSite=Strict`
      const reply = html(200, confirmPage(grant, directory, csrfToken(session, grant.userCode)))
      return known ? reply : { ...reply, headers: { ...reply.headers, 'set-cookie': cookie } }
    },

    decide(request: RecordedRequest): Reply {
      const form = formOf(request)
      const session = sessionOf(request)
      if (!isSameOrigin(request, baseUrl())) {
        return html(403, refusedPage('The form was sent from another site.'))
      }
      if (!session || !sameText(form.csrf_token ?? '', csrfToken(session, form.user_code ?? ''))) {
        return html(403, refusedPage('The form is out of date.'))
      }
      const grant = findPending(form.user_code ?? '')
      if (grant === undefined) return html(404, enterCodePage(notUsable, form.user_code))
      if (form.decision === 'approve') {
        grant.state = 'approved'
        return html(200, approvedPage(grant.userCode))
      }
      if (form.decision === 'deny') {
        grant.state = 'denied'
        return html(200, deniedPage(grant.userCode))
      }
      return html(400, refusedPage('The form holds no decision.'))
    },
  }
}

function html(status: number, body: string): Reply {
  return { status, headers: { ...pageHeaders }, body }
}

function formOf(request: RecordedRequest): Record<string, string> {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  return isForm && typeof request.body === 'object' ? (request.body as Record<string, string>) : {}
}

/** Browsers always say where a form was sent from; a request that does not is none of a person. */
function isSameOrigin(request: RecordedRequest, baseUrl: string): boolean {
  const site = request.headers['sec-fetch-site']
  return request.headers.origin === new URL(baseUrl).origin && (site === undefined || site === 'same-origin')
}

function sessionOf(request: RecordedRequest): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=')
    if (name === sessionCookie && value) return value
  }
  return undefined
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
