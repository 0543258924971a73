import type { Socket } from 'node:net'

/**
 * Reads from a socket until `lengthOf` knows how long the message at its start is, and leaves the socket
 * paused. Bytes beyond the message are an error: a tunnel's far side waits for us to speak first.
 *
 * @param lengthOf length of the complete message, or undefined while bytes are missing; may throw
 */
export function receiveBytes(
  socket: Socket,
  lengthOf: (received: Buffer) => number | undefined,
  maxBytes = 16 * 1024,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const settle = (finish: () => void) => {
      socket.off('data', take).off('error', fail).off('close', closed).off('end', closed)
      socket.pause()
      finish()
    }
    const fail = (error: unknown) => settle(() => reject(error))
    const closed = () => fail(Object.assign(new Error('connection closed'), { code: 'ECONNRESET' }))
    const take = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      try {
        const length = lengthOf(received)
        if (length === received.length) return settle(() => resolve(received))
        if (length !== undefined && length < received.length)
          throw new Error('it sent more than was asked for')
        if (received.length > maxBytes) throw new Error('its answer is too long')
      } catch (error) {
        fail(error)
      }
    }
    socket.on('data', take).on('error', fail).on('close', closed).on('end', closed).resume()
  })
}
