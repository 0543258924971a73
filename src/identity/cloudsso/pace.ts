import { type JsonAnswer, readServerError } from '../../http/index.ts'
import type { Clock } from '../../kit/index.ts'

/** Requests of one client at one server: never more at once than the server takes. */
export interface Pace {
  /** Sends a request when it is its turn, and again while the server asks for patience. */
  send(request: () => Promise<JsonAnswer>): Promise<JsonAnswer>
}

export interface PaceOptions {
  clock: Clock
  signal: AbortSignal
  /** A number in [0, 1). */
  random: () => number
  /** The server has asked for patience for so long that there is none left: called once, with its last answer. */
  onExhausted: (answer: JsonAnswer) => void
}

/** Enough for a thousand accounts in seconds, and no more than a browser with a few tabs asks for. */
const mostAtOnce = 16
const firstPauseMs = 400
const longestPauseMs = 8_000
/** Without a single answer in between, or at the server's word. */
const patienceMs = 60_000

/**
 * Halves the number of requests at once when the server throttles, and lets all of them wait: as long as `Retry-After` says, else
 * longer each time. While answers come, the number rises again, one at a time.
 */
export function createPace({ clock, signal, random, onExhausted }: PaceOptions): Pace {
  const waiting: (() => void)[] = []
  let limit = mostAtOnce
  let running = 0
  let pausedUntilMs = 0
  let pauseMs = firstPauseMs
  let answersSince = 0
  /** What was sent before the last pause says nothing new when it is throttled, too. */
  let round = 0
  let lastAnswerMs = clock.monotonicMs()

  async function begin(): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      const leftMs = pausedUntilMs - clock.monotonicMs()
      if (leftMs > 0) await clock.sleep(leftMs, signal)
      else if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
      else break
    }
    // In the same turn as the look at it: others look, too.
    running++
  }

  function answered(): void {
    lastAnswerMs = clock.monotonicMs()
    pauseMs = firstPauseMs
    if (++answersSince < 2 * limit) return
    answersSince = 0
    limit = Math.min(limit + 1, mostAtOnce)
  }

  function throttled(answer: JsonAnswer, sentInRound: number): void {
    const nowMs = clock.monotonicMs()
    const { retryAfterMs = 0 } = answer
    if (sentInRound === round) {
      round++
      limit = Math.max(1, Math.floor(limit / 2))
      answersSince = 0
      pausedUntilMs = nowMs + pauseMs * (0.5 + random() / 2)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
    pausedUntilMs = Math.max(pausedUntilMs, nowMs + retryAfterMs)
    if (Math.max(retryAfterMs, nowMs - lastAnswerMs) > patienceMs) onExhausted(answer)
  }

  return {
    async send(request) {
      for (;;) {
        await begin()
        const sentInRound = round
        try {
          const answer = await request()
          if (!asksForPatience(answer)) {
            answered()
            return answer
          }
          throttled(answer, sentInRound)
        } finally {
          running--
          for (const go of waiting.splice(0)) go()
        }
      }
    },
  }
}

/** 429, a code of Alibaba Cloud's throttling whatever the status, or a server that says when to come again (RFC 9110). */
function asksForPatience(answer: JsonAnswer): boolean {
  const { serverCode = '' } = readServerError(answer)
  if (answer.status === 429 || /throttl|toomanyrequests|flowcontrol|ratelimit/i.test(serverCode)) return true
  return answer.status === 503 && answer.retryAfterMs !== undefined
}
