import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type PlacedSocket, placeSocket } from '../../src/files/private-socket.ts'
import { testDirectory } from '../sst/support/samples.ts'
import { spawnSync } from '../support/run-sync.ts'

const refused = (why: string) =>
  expect.objectContaining({ code: 'ERR_FILE', message: expect.stringContaining(why) })
const most = process.platform === 'linux' ? 107 : 103

function closedDirectory(): string {
  const directory = join(realpathSync(testDirectory()), 'private')
  mkdirSync(directory, { mode: 0o700 })
  return directory
}

/** Places the socket of a server; what the server sees of the file system while it starts is given to `look`. */
async function place(
  path: string,
  look: (made: string) => void = () => {},
): Promise<PlacedSocket & { server: Server; end(): Promise<void> }> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()).end('here'))
  const placed = await placeSocket(
    path,
    (made) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(made, () => {
          look(made)
          resolve()
        })
      }),
  )
  const end = () =>
    new Promise<void>((resolve) => {
      placed.remove()
      server.close(() => resolve())
    })
  onTestFinished(() => void server.close())
  return { ...placed, server, end }
}

function ask(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ path }).setEncoding('utf8')
    socket.once('data', (text) => resolve(String(text)))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
  })
}

/** A socket that a process has left behind when it was killed. */
function leaveSocket(path: string): void {
  const script =
    'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))'
  spawnSync(process.execPath, ['-e', script, path])
  expect(lstatSync(path).isSocket()).toBe(true)
}

describe('a socket that only its user can connect to', () => {
  test('never has a name at which others could reach it with another mode', async () => {
    const directory = closedDirectory()
    const path = join(directory, 'socket')
    const umask = process.umask(0)
    onTestFinished(() => void process.umask(umask))
    const seen: unknown[] = []
    await place(path, (made) => {
      seen.push(existsSync(path), statSync(dirname(made)).mode & 0o777, lstatSync(made).mode & 0o777)
    })
    expect(seen).toEqual([false, 0o700, 0o777])
    expect(lstatSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(directory)).toEqual(['socket'])
    expect(await ask(path)).toBe('here')
  })

  test('is gone at the end, and nothing else of its name', async () => {
    const path = join(closedDirectory(), 'socket')
    await (await place(path)).end()
    expect(existsSync(path)).toBe(false)

    const first = await place(path)
    unlinkSync(path)
    const second = await place(path)
    await first.end()
    expect(await ask(path)).toBe('here')

    unlinkSync(path)
    writeFileSync(path, 'a file')
    await second.end()
    expect(readFileSync(path, 'utf8')).toBe('a file')

    unlinkSync(path)
    const third = await place(path)
    unlinkSync(path)
    await third.end()
    expect(existsSync(path)).toBe(false)
  })

  test('replaces one on which no process listens any more, and not one in use', async () => {
    const path = join(closedDirectory(), 'socket')
    leaveSocket(path)
    await place(path)
    expect(await ask(path)).toBe('here')
    await expect(place(path)).rejects.toEqual(refused('a program listens on that socket'))
    expect(await ask(path)).toBe('here')
    expect(readdirSync(dirname(path))).toEqual(['socket'])
  })

  test('of two programs that find the same stale socket, the later one takes nothing away', async () => {
    const directory = closedDirectory()
    const path = join(directory, 'socket')
    leaveSocket(path)
    const slow = placeSocket(path, async (made) => {
      const other = createServer((socket) => socket.end('first')).listen(`${path}.new`)
      onTestFinished(() => void other.close())
      await new Promise((resolve) => other.once('listening', resolve))
      renameSync(`${path}.new`, path)
      const server = createServer().listen(made)
      onTestFinished(() => void server.close())
      await new Promise((resolve) => server.once('listening', resolve))
    })
    await expect(slow).rejects.toEqual(refused('something else is there by now'))
    expect(await ask(path)).toBe('first')
    expect(readdirSync(directory)).toEqual(['socket'])
  })

  test('files, directories, links and FIFOs stay as they are', async () => {
    const directory = closedDirectory()
    writeFileSync(join(directory, 'file'), 'text')
    mkdirSync(join(directory, 'sub'))
    leaveSocket(join(directory, 'stale'))
    symlinkSync('stale', join(directory, 'link'))
    symlinkSync('nothing', join(directory, 'dangling'))
    spawnSync('mkfifo', [join(directory, 'fifo')])
    const before = readdirSync(directory).map((name) => lstatSync(join(directory, name)).ino)
    for (const name of ['file', 'sub', 'link', 'dangling', 'fifo'])
      await expect(place(join(directory, name)), name).rejects.toEqual(refused('else than a socket'))
    expect(readdirSync(directory).map((name) => lstatSync(join(directory, name)).ino)).toEqual(before)
  })

  test("another user's socket, and a directory in which others can replace it", async ({ skip }) => {
    const directory = closedDirectory()
    chmodSync(directory, 0o777)
    await expect(place(join(directory, 'socket'))).rejects.toEqual(
      expect.objectContaining({ hint: `Run "chmod go-w ${directory}".` }),
    )
    chmodSync(directory, 0o1777)
    await (await place(join(directory, 'socket'))).end()
    chmodSync(directory, 0o700)
    skip(process.getuid?.() !== 0, 'only root can give a file away')
    leaveSocket(join(directory, 'socket'))
    chownSync(join(directory, 'socket'), 4242, 4242)
    await expect(place(join(directory, 'socket'))).rejects.toEqual(refused('belongs to another user'))
    chownSync(directory, 4242, 4242)
    await expect(place(join(directory, 'other'))).rejects.toEqual(refused('belongs to another user'))
  })

  test('a path of as many bytes as the system takes, through a link in its directory, and one more', async ({
    skip,
  }) => {
    skip(process.platform !== 'linux', 'elsewhere a shorter one is the longest')
    const directory = closedDirectory()
    const deep = join(directory, 'd'.repeat(most - directory.length - 4))
    mkdirSync(deep, { mode: 0o700 })
    symlinkSync(deep, join(directory, 'link'))
    const { path, end } = await place(join(directory, 'link', 'ab'))
    expect({ path, bytes: Buffer.byteLength(path) }).toEqual({ path: join(deep, 'ab'), bytes: most })
    expect(await ask(path)).toBe('here')
    await end()
    expect(readdirSync(deep)).toEqual([])
    await expect(place(join(deep, 'abc'))).rejects.toEqual(
      expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining('108 bytes; 107') }),
    )
    // Two bytes each.
    await expect(place(join(directory, 'é'.repeat(50)))).rejects.toEqual(
      expect.objectContaining({ code: 'ERR_USAGE' }),
    )
  })

  test('a directory that is not there, and what the server itself refuses', async () => {
    const directory = closedDirectory()
    await expect(place(join(directory, 'none', 'socket'))).rejects.toEqual(refused('no such file'))
    const broken = placeSocket(join(directory, 'socket'), async () => {
      throw Object.assign(new Error('no'), { code: 'EMFILE' })
    })
    await expect(broken).rejects.toEqual(refused('too many files are open'))
    expect(readdirSync(directory)).toEqual([])
  })
})
