import type { Socket } from 'node:net'

/** Takes a given number of bytes at a time from a socket. After the peer has gone, `take` never settles. */
export function createByteReader(socket: Socket) {
  let buffered = Buffer.alloc(0)
  let waiting: { count: number; resolve: (bytes: Buffer) => void } | undefined

  const serve = (): void => {
    if (waiting === undefined || buffered.length < waiting.count) return
    const { count, resolve } = waiting
    waiting = undefined
    const bytes = buffered.subarray(0, count)
    buffered = buffered.subarray(count)
    resolve(bytes)
  }
  const onData = (chunk: Buffer): void => {
    buffered = Buffer.concat([buffered, chunk])
    serve()
  }
  socket.on('data', onData)

  return {
    take: (count: number) =>
      new Promise<Buffer>((resolve) => {
        waiting = { count, resolve }
        serve()
      }),
    /** Stops reading and hands back what came beyond the bytes taken. */
    release(): Buffer {
      socket.off('data', onData)
      return buffered
    },
  }
}
