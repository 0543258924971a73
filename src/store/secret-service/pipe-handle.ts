import type { UnixSocket, UnixSocketEvents } from './unix-socket.ts'

/*
 * node:net and the streams below it cost more than everything else on the cached path together: 4 ms of 25. The handle
 * that net.Socket itself drives does the same in a tenth of the time, but it is not a public interface. So it is used
 * only in the versions of Node in which it was tried, and only where it looks as it did there.
 */
const triedIn = [20, 22, 24]

interface PipeHandle {
  connect(request: object, path: string): number | undefined
  readStart(): void
  writeBuffer(request: object, bytes: Buffer): number
  close(): void
  onread?: (bytes: ArrayBuffer | undefined) => void
}

interface PipeBinding {
  Pipe: new (type: number) => PipeHandle
  PipeConnectWrap: new () => { oncomplete?: (status: number) => void }
  constants: { SOCKET: number }
}

interface StreamBinding {
  WriteWrap: new () => { oncomplete?: (status: number) => void; buffer?: Buffer }
  streamBaseState: Int32Array
  kReadBytesOrError: number
}

/** A connection over a bare pipe handle; undefined where that cannot be had. */
export function openRawPipe(path: string, events: UnixSocketEvents): UnixSocket | undefined {
  const bindings = loadBindings()
  if (bindings === undefined) return undefined
  const { Pipe, PipeConnectWrap, constants, WriteWrap, streamBaseState, kReadBytesOrError } = bindings
  const pipe = new Pipe(constants.SOCKET)
  let over = false
  const destroy = () => {
    if (over) return
    over = true
    pipe.close()
  }
  const end = () => {
    if (over) return
    destroy()
    events.ended()
  }
  pipe.onread = (bytes) => {
    const length = streamBaseState[kReadBytesOrError] ?? -1
    if (over || length === 0) return
    if (length < 0 || bytes === undefined) end()
    else events.data(Buffer.from(bytes, 0, length))
  }
  const request = new PipeConnectWrap()
  request.oncomplete = (status) => {
    if (status !== 0) return end()
    pipe.readStart()
    events.connected()
  }
  const failed = pipe.connect(request, path)
  // An event never comes before the caller has the socket in hand.
  if (failed) queueMicrotask(end)
  return {
    write(bytes) {
      if (over) return
      const write = new WriteWrap()
      // Holds on to the bytes until they are written.
      write.buffer = bytes
      write.oncomplete = (status) => {
        if (status < 0) end()
      }
      if (pipe.writeBuffer(write, bytes) !== 0) end()
    },
    destroy,
  }
}

function loadBindings(): (PipeBinding & StreamBinding) | undefined {
  const { binding } = process as { binding?: (name: string) => object }
  if (binding === undefined || !triedIn.includes(Number.parseInt(process.versions.node, 10))) return undefined
  try {
    const found = { ...binding('pipe_wrap'), ...binding('stream_wrap') } as Partial<
      PipeBinding & StreamBinding
    >
    const { Pipe, PipeConnectWrap, constants, WriteWrap, streamBaseState, kReadBytesOrError } = found
    const known = Pipe && PipeConnectWrap && constants && WriteWrap && streamBaseState
    return known && kReadBytesOrError !== undefined ? (found as PipeBinding & StreamBinding) : undefined
  } catch (error) {
    // Policies and sandboxes refuse it.
    if (error instanceof Error) return undefined
    throw error
  }
}
