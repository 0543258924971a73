import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { recordOutput } from '../support/record.ts'
import { sesameCommand, sesameInShell } from '../support/sesame.ts'
import { inWorld, type World } from '../support/world.ts'

const sesame = sesameInShell

/** Runs a line of shell in which `$sesame` is the program. */
async function shell({ home }: World, line: string, prefix: readonly string[] = []) {
  const [program = 'bash', ...words] = [...prefix, 'bash', '-c', line.replaceAll('$sesame', sesame)]
  const child = spawn(program, words, {
    env: { PATH: process.env.PATH, HOME: home.home, SESAME_STORE: 'plaintext' },
    cwd: join(home.home, 'work'),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const [code] = await once(child, 'close')
  recordOutput({ words: [line], stdout, stderr, code })
  return { code, stdout, stderr }
}

const secretsOf = ({ portal }: World) => portal.issued.map(({ value }) => value)

function expectNoSecret(world: World, text: string): void {
  for (const value of secretsOf(world)) expect(text).not.toContain(value)
}

describe.concurrent('[case 56] a reader that goes', () => {
  test.each([
    ['closed at once', 'set -o pipefail; $sesame login | head -c 0; echo "status $?" >&2'],
    [
      'closed after some bytes',
      'set -o pipefail; $sesame login | head -c 20 >/dev/null; echo "status $?" >&2',
    ],
    ['no stdout at all', '$sesame login >&-; echo "status $?" >&2'],
    ['no stderr either', '$sesame login >&- 2>&-; echo "status $?" >&2'],
  ])('%s: ends quietly, and the next login finds the entry', (_, line) =>
    inWorld({}, async (world) => {
      const { stderr } = await shell(world, line)
      expect(stderr).toMatch(/^status 0$/m)
      expect(stderr).not.toMatch(/EPIPE|EBADF|sesame: |\n {4}at /)
      expectNoSecret(world, stderr)
      const before = world.portal.requests.length
      expect((await world.home.run(['login'])).stdout).toContain('"mode":"StsToken"')
      expect(world.portal.requests).toHaveLength(before)
    })(),
  )

  test(
    'stderr closed in the middle of a DEBUG log: the result still comes',
    inWorld({}, async (world) => {
      const { code, stdout } = await shell(world, 'DEBUG="*" $sesame login 2> >(head -c 10 >/dev/null)')
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ mode: 'StsToken' })
    }),
  )

  test(
    'a reader that is slow, and a full pipe that does not block, get everything',
    inWorld({}, async (world) => {
      await world.home.run(['login'])
      const slow = await shell(world, '$sesame login | { sleep 0.5; cat; }')
      expect(JSON.parse(slow.stdout)).toMatchObject({ mode: 'StsToken' })
      // The pipe is filled to the brim and made non-blocking, as other programs on it may do.
      const fill =
        'import fcntl,os,time,sys\n' +
        'r,w=os.pipe()\n' +
        'fcntl.fcntl(w,fcntl.F_SETFL,fcntl.fcntl(w,fcntl.F_GETFL)|os.O_NONBLOCK)\n' +
        'n=0\n' +
        'try:\n while True: n+=os.write(w,b"x"*4096)\nexcept BlockingIOError: pass\n' +
        'pid=os.fork()\n' +
        'if pid==0:\n os.dup2(w,1); os.close(r); os.execvp(sys.argv[1],sys.argv[1:])\n' +
        'os.close(w); time.sleep(0.4)\n' +
        'f=os.fdopen(r,"rb"); data=f.read()[n:]; os.write(1,data)\n'
      const full = await shell(world, `python3 -c '${fill}' $sesame login`)
      expect(full.stdout).toBe(slow.stdout)
    }),
  )
})

describe.concurrent('a full disk', () => {
  test(
    '[case 56] under stdout: two lines, exit 1, no stack, and the entry is kept',
    inWorld({}, async (world) => {
      for (const line of ['$sesame login >/dev/full', '$sesame login --env >/dev/full']) {
        const { code, stdout, stderr } = await shell(world, line)
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
        expect(stderr).toMatch(/^sesame: The result could not be written.*\n.*disk.*\n$/m)
        expect(stderr).not.toMatch(/\n {4}at /)
        expectNoSecret(world, stderr)
      }
      expect(world.home.items()).toHaveLength(2)
    }),
  )

  test(
    'under stderr: the result comes all the same',
    inWorld({}, async (world) => {
      const { code, stdout } = await shell(world, '$sesame login 2>/dev/full')
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ mode: 'StsToken' })
    }),
  )
})

/** Mounts need privileges; without them there is a user namespace, or nothing to test here. */
async function mountable(world: World): Promise<string[] | undefined> {
  for (const prefix of [
    ['unshare', '-m'],
    ['unshare', '-rm'],
  ]) {
    const { code } = await shell(world, 'mount -t tmpfs none .', prefix)
    if (code === 0) return prefix
  }
  return undefined
}

describe('[case 39] a configuration directory that takes nothing', () => {
  const disks = [
    ['read-only', 'mount -t tmpfs none disk && cp config.json disk && mount -o remount,ro disk'],
    [
      'full',
      'mount -t tmpfs -o size=16k none disk && cp config.json disk && { yes >disk/filler 2>/dev/null || true; }',
    ],
    ['out of inodes', 'mount -t tmpfs -o nr_inodes=2 none disk && cp config.json disk'],
  ] as const

  test.each(disks)('%s: this run’s credentials are printed, and what was there stays', (what, prepare) =>
    inWorld({}, async (world) => {
      const prefix = await mountable(world)
      if (prefix === undefined) return
      const work = join(world.home.home, 'work')
      mkdirSync(join(work, 'disk'), { mode: 0o700 })
      const config = readFileSync(join(world.home.directory, 'config.json'), 'utf8')
      writeFileSync(join(work, 'config.json'), config, { mode: 0o600 })
      const line = `set -e; ${prepare}; chmod 700 disk 2>/dev/null || true
        SESAME_CONFIG_DIR="$PWD/disk" $sesame login && echo "status $?" >&2
        cmp disk/config.json config.json; find disk -name '*.tmp' >&2`
      const { code, stdout, stderr } = await shell(world, line, prefix)
      expect(stderr).toMatch(/^status 0$/m)
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ mode: 'StsToken' })
      // Where nothing can ever be written, the state is elsewhere, and keeps everything.
      expect(/Could not store/.test(stderr)).toBe(what !== 'read-only')
      expect(stderr.match(/Going on without locks/g)?.length ?? 0).toBeLessThanOrEqual(1)
      expect(stderr).not.toMatch(/\.tmp|differ|\n {4}at |undefined/)
      expectNoSecret(world, stderr)
    })(),
  )

  test(
    'a place where no directory can be made',
    inWorld({}, async (world) => {
      const { stdout, stderr } = await shell(
        world,
        'SESAME_CONFIG_DIR=/proc/self/sesame $sesame configure --signin-url https://portal.example/x/login',
      )
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^sesame: Cannot /m)
      expect(stderr).not.toMatch(/\n {4}at /)
    }),
  )
})

test(
  '[case 54] no secret is ever in a command line, of sesame or of anything it starts',
  inWorld({ approve: { afterPolls: 3 } }, async (world) => {
    const running = world.home.start(['login'])
    const lines = new Set<string>()
    const sample = () => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        const path = `/proc/${pid}/cmdline`
        try {
          lines.add(readFileSync(path, 'utf8'))
        } catch (error) {
          if (existsSync(path)) throw error
        }
      }
    }
    const timer = setInterval(sample, 10)
    expect((await running.finished).code).toBe(0)
    clearInterval(timer)
    const all = [...lines].join('\n')
    expect(all).toContain(sesameCommand.at(-1))
    expectNoSecret(world, all)
    for (const verifier of world.portal.receivedVerifiers) expect(all).not.toContain(verifier)
  }),
)
