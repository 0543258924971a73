import type { Handler } from '../http-server.ts'
import type { WatchedCode } from './device-watch.ts'
import type { FrontParts } from './front-parts.ts'
import { noteTokenAnswer } from './journal.ts'

/** What stands before the token endpoint: the waits between polls, the person of the options, the books. */
export function createTokenFront(parts: FrontParts, passOn: Handler) {
  const { settings, log, secrets, watch } = parts
  let slowDownsLeft = 0

  /** The person whom `approve` of the options stands for acts just before the poll that is to see the result. */
  const settle = async (code: WatchedCode): Promise<void> => {
    const { approve } = settings
    if (approve === 'manual' || !parts.isPending(code.deviceCode)) return
    if (typeof approve === 'object' && code.pendingAnswers < approve.afterPolls) return
    await parts.decide(code.userCode, approve !== 'deny')
  }

  const token: Handler = async (request) => {
    const code = watch.find(request)
    if (code !== undefined && !code.final) {
      const hasty = settings.enforceInterval && watch.wasTooSoon(request)
      if (hasty || (slowDownsLeft > 0 && slowDownsLeft-- > 0)) {
        code.requiredIntervalMs += settings.slowDownSeconds * 1000
        return { status: 400, body: { error: 'slow_down', error_description: 'the device polls too often' } }
      }
      await settle(code)
    }
    const reply = await passOn(request)
    if (typeof reply.body === 'string') return reply
    const { error } = reply.body as Record<string, unknown>
    if (code !== undefined && error === 'authorization_pending') code.pendingAnswers += 1
    else if (code !== undefined && reply.status < 500) code.final = true
    secrets.addFromAnswer(reply.body)
    noteTokenAnswer(log, request, reply)
    return reply
  }

  return {
    token,
    slowDown(times = 1): void {
      slowDownsLeft += times
    },
  }
}
