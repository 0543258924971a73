import { connect } from 'node:net'

/**
 * Sends bytes as they are and gives back what the server said: up to the end of the first whole answer, or until
 * the server hangs up (then perhaps nothing).
 */
export function sendRaw(
  port: number,
  bytes: string | Uint8Array,
  { host = '127.0.0.1' }: { host?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect({ host, port })
    socket.setEncoding('latin1')
    socket.once('connect', () => socket.write(bytes))
    socket.on('data', (text: string) => {
      received += text
      if (isWholeAnswer(received)) socket.destroy()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server may refuse before it has read everything.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') socket.destroy()
      else reject(error)
    })
    socket.once('close', () => resolve(received))
  })
}

/** A request of header lines, the way a plain client sends it. */
export function requestText(
  target: string,
  headers: readonly string[],
  { method = 'GET', version = '1.1' } = {},
): string {
  return `${[`${method} ${target} HTTP/${version}`, ...headers].join('\r\n')}\r\n\r\n`
}

/** The status of an answer, or undefined where the server only hung up. */
export function statusOf(answer: string): number | undefined {
  const match = /^HTTP\/1\.1 (\d{3}) /.exec(answer)
  return match === null ? undefined : Number(match[1])
}

export function bodyOf(answer: string): string {
  return answer.slice(answer.indexOf('\r\n\r\n') + 4)
}

function isWholeAnswer(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))
  return length !== null && text.length - end - 4 >= Number(length[1])
}
