import { type Log, rememberSecret, silentLog } from '../kit/index.ts'
import type { RawAnswer } from './dispatch.ts'
import type { OutgoingRequest } from './outgoing-request.ts'
import { redactBody, redactHeader, redactUrl } from './redaction/redact.ts'

/*
 * Lines are handed over whole: the sink of the log scrubs them, makes them printable and cuts them, in this order.
 */

/**
 * Logs a request: its line, each header, the body. Its secrets are remembered also without a log, for the error
 * messages that may echo them.
 *
 * @param way the proxy, as `nameOfProxy` calls it
 */
export function logRequest(log: Log, request: OutgoingRequest, way: string | undefined): void {
  const { method, url, headers, body } = request
  const path = redactUrl(`${url.pathname}${url.search}`, rememberSecret)
  const framing: [string, string][] = body ? [['content-length', String(body.length)]] : []
  const lines = [
    ...(way === undefined ? [] : [`> through proxy ${way}`]),
    `> ${method} ${path} HTTP/1.1`,
    ...headerLines('>', [['host', url.host], ...headers, ...framing]),
    ...bodyLines('>', body, headers),
  ]
  write(log, lines)
}

/** Logs an answer: its status line with the time it took, each header, the body. Its secrets are remembered. */
export function logAnswer(log: Log, answer: RawAnswer, elapsedMs: number): void {
  const lines = [
    `< HTTP/1.1 ${answer.status} ${answer.statusText} (${elapsedMs} ms)`,
    ...headerLines('<', answer.headers),
    ...bodyLines('<', answer.body, answer.headers),
  ]
  write(log, lines)
}

/** Logs that no answer, or none that is usable, came, and why. */
export function logFailure(log: Log, reason: string, elapsedMs: number): void {
  write(log, [`! ${reason} (${elapsedMs} ms)`])
}

function headerLines(mark: string, headers: readonly [string, string][]): string[] {
  return headers.map(([name, value]) => `${mark} ${name}: ${redactHeader(name, value, rememberSecret)}`)
}

function bodyLines(mark: string, body: Buffer | undefined, headers: readonly [string, string][]): string[] {
  const contentType = headers.find(([name]) => name === 'content-type')?.[1]
  const shown = body && redactBody(body, contentType, rememberSecret)
  return shown === undefined ? [] : [`${mark} ${shown}`]
}

function write(log: Log, lines: string[]): void {
  if (log === silentLog) return
  for (const line of lines) log('sesame:http', line)
}
