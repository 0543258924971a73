import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { spawnSync } from '../support/run-sync.ts'
import { archiveOf, fakeProgram, here, publish } from './fake-release.ts'
import { checksumLine, type ReleaseServer, startReleaseServer } from './release-server.ts'

const script = join(import.meta.dirname, '..', '..', 'packaging', 'install.sh')
const work = mkdtempSync(join(tmpdir(), 'sesame-install-'))
let server: ReleaseServer
let home = ''
let count = 0

beforeAll(async () => {
  server = await startReleaseServer()
})
afterAll(() => {
  server.close()
  rmSync(work, { recursive: true, force: true })
})
beforeEach(() => {
  home = join(work, `home of ${count++}'s`)
  mkdirSync(home)
  for (const kept of [server.files, server.redirects, server.stalls]) kept.clear()
  server.asked.length = 0
})

const findProgram = (name: string) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(existsSync)

/** Every shell that people have as `sh` and that is on this machine. */
const shells = (
  [
    ['dash', ['dash']],
    ['bash', ['bash', '--posix']],
    ['busybox', ['busybox', 'sh']],
    ['ksh', ['ksh']],
  ] as const
).filter(([name]) => findProgram(name) !== undefined)

interface Options {
  shell?: readonly string[]
  env?: Record<string, string | undefined>
  cwd?: string
}

/** The script comes through standard input, as behind a pipe, without a terminal and in a session of its own. */
function start(
  words: readonly string[],
  { shell = ['sh'], env = {}, cwd = work }: Options = {},
): ChildProcess {
  const [program = '', ...rest] = shell
  const child = spawn(program, [...rest, '-s', '--', ...words], {
    env: {
      PATH: process.env.PATH,
      HOME: home,
      SHELL: '/bin/bash',
      SESAME_DOWNLOAD_URL: server.address,
      ...env,
    },
    cwd,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin?.on('error', () => {
    // The script may end before it has been read.
  })
  child.stdin?.end(readFileSync(script))
  return child
}

async function install(words: readonly string[] = [], options: Options = {}) {
  const child = start(words, options)
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ])
  return { stdout, stderr, code }
}

/** Every file and directory below. */
const everything = (directory: string) => readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()

const places = {
  program: '.local/bin/sesame',
  manual: '.local/share/man/man1/sesame.1',
  bash: '.local/share/bash-completion/completions/sesame',
  zsh: '.local/share/zsh/site-functions/_sesame',
  fish: '.local/share/fish/vendor_completions.d/sesame.fish',
}
const read = (name: keyof typeof places) => readFileSync(join(home, places[name]), 'utf8')

/** A directory of programs: some of this machine, and scripts that take the place of others. */
function toolbox(names: readonly string[], scripts: Record<string, string> = {}): string {
  const directory = mkdtempSync(join(work, 'tools-'))
  for (const name of names) {
    const path = findProgram(name)
    if (path !== undefined && !(name in scripts)) symlinkSync(path, join(directory, name))
  }
  for (const [name, body] of Object.entries(scripts)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(directory, name), 0o755)
  }
  return directory
}

/** What the script needs, on Linux and on macOS. */
const needed =
  'sh awk cat chmod cp curl dirname getconf grep gzip head ldd mkdir mv rm rmdir sed tail tar uname xz env bash'
const checksumTools = findProgram('sha256sum') === undefined ? ['shasum', 'perl'] : ['sha256sum']
const usual = [...needed.split(' '), ...checksumTools]
const without = (...names: string[]) => usual.filter((name) => !names.includes(name))

describe.each(shells)('%s: install.sh', (_name, shell) => {
  test('installs the newest version, says what it did, and can be removed', async () => {
    publish(server, { version: '1.2.3' })
    const { stdout, stderr, code } = await install([], { shell })
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(stdout).toContain(`sesame 1.2.3 (${here}) is installed:`)
    for (const place of Object.values(places)) expect(stdout).toContain(`  ${join(home, place)}\n`)
    expect(read('program')).toBe(fakeProgram('1.2.3'))
    expect(statSync(join(home, places.program)).mode & 0o777).toBe(0o755)
    expect(read('manual')).toContain('.TH SESAME 1')
    for (const name of ['bash', 'zsh', 'fish'] as const)
      expect(read(name)).toBe(`# ${name} completion of 1.2.3\n`)
    expect(statSync(join(home, places.bash)).mode & 0o777).toBe(0o644)

    const removed = await install(['--uninstall'], { shell, env: { SESAME_DOWNLOAD_URL: undefined } })
    expect({ stderr: removed.stderr, code: removed.code }).toEqual({ stderr: '', code: 0 })
    for (const place of Object.values(places)) {
      expect(removed.stdout).toContain(`  ${join(home, place)}\n`)
      expect(existsSync(join(home, place))).toBe(false)
    }
    expect(everything(home).filter((name) => statSync(join(home, name)).isFile())).toEqual([])
    expect((await install(['--uninstall'], { shell })).code).toBe(1)
  })

  test('a wrong, a cut and a missing checksum change nothing', async () => {
    publish(server, { version: '1.0.0' })
    await install([], { shell })
    const before = everything(home)
    const [name = ''] = publish(server, { version: '2.0.0' })
    const path = '/latest/download/SHA256SUMS'
    const right = String(server.files.get(path))
    for (const sums of [
      checksumLine(name, 'another file'),
      right.slice(1),
      right.replace(name, `${name}x`),
      right.replace(name, `x/${name}`),
      `# ${right}`,
      '<html></html>\n',
      '',
      undefined,
    ]) {
      if (sums === undefined) server.files.delete(path)
      else server.files.set(path, sums)
      const { stdout, stderr, code } = await install([], { shell })
      expect({ stdout, code }, sums).toEqual({ stdout: '', code: 1 })
      expect(stderr).toContain('Nothing was changed.')
      expect(everything(home)).toEqual(before)
      expect(read('program')).toBe(fakeProgram('1.0.0'))
    }
  })

  test('--version chooses one, also an older one', async () => {
    publish(server, { version: '1.0.0-rc.1' })
    publish(server, { version: '1.1.0' })
    expect((await install([], { shell })).code).toBe(0)
    const { stdout, code } = await install(['--version', 'v1.0.0-rc.1'], { shell })
    expect(code).toBe(0)
    expect(stdout).toContain(`sesame 1.0.0-rc.1 (${here}) is installed in the place of 1.1.0:`)
    expect(read('program')).toBe(fakeProgram('1.0.0-rc.1'))
    expect((await install(['--version=1.1.0'], { shell })).stdout).toContain('in the place of 1.0.0-rc.1:')
    expect((await install(['--version=3.0.0'], { shell })).stderr).toContain('/download/v3.0.0/SHA256SUMS')
    expect(read('program')).toBe(fakeProgram('1.1.0'))
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'a download that %s interrupts leaves nothing',
    async (signal) => {
      const [name] = publish(server, { version: '1.2.3', files: { filler: 'x'.repeat(1000) } })
      const path = `/download/v1.2.3/${name}`
      server.stalls.add(path)
      const half = server.halfSent(path)
      const child = start([], { shell })
      await half
      const ended = new Promise((resolve) => child.on('close', resolve))
      // To the script alone: it ends its download itself.
      child.kill(signal)
      expect(await ended).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal])
      expect(everything(home)).toEqual([])
    },
  )

  test('another program of that name is replaced with --force only', async () => {
    publish(server, { version: '1.2.3' })
    mkdirSync(dirname(join(home, places.program)), { recursive: true })
    writeFileSync(join(home, places.program), 'another sesame')
    const before = everything(home)
    const refused = await install([], { shell })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/is another program, .*\n.*--force/)
    expect(everything(home)).toEqual(before)
    expect(read('program')).toBe('another sesame')
    expect(server.asked).toEqual([])
    const forced = await install(['--force'], { shell })
    expect(forced.code).toBe(0)
    expect(forced.stdout).toMatch(/^Replacing .* which this script did not install/)
    expect(read('program')).toBe(fakeProgram('1.2.3'))
    // One that took its place since is not removed with the rest.
    writeFileSync(join(home, places.program), 'another sesame')
    expect((await install([], { shell })).code).toBe(1)
    expect((await install(['--uninstall'], { shell })).stdout).toContain('another program by now and stays')
    expect(read('program')).toBe('another sesame')
    expect(existsSync(join(home, places.manual))).toBe(false)
  })

  test('a program that does not start, or is another version, is not installed', async () => {
    for (const program of [
      '#!/bin/sh\necho "libstdc++ is missing" >&2\nexit 127\n',
      fakeProgram('9.9.9'),
      'x',
    ]) {
      publish(server, { version: '1.2.3', program })
      const { stderr, code } = await install([], { shell })
      expect(code).toBe(1)
      expect(stderr).toContain('does not start here. Nothing was changed.')
      if (program.includes('libstdc')) expect(stderr).toContain('libstdc++ is missing')
      expect(everything(home)).toEqual([])
    }
  })
})

describe('what install.sh finds', () => {
  const alpine = 'echo "musl libc (x86_64)" >&2; exit 1'
  const old = 'for last; do :; done; [ "$last" = /proc/cpuinfo ] && exit 1; exec /usr/bin/grep "$@"'
  const says = (system: string, processor: string) =>
    `case $1 in -s) echo ${system} ;; -m) echo ${processor} ;; esac`

  test.each<[string, Record<string, string>]>([
    ['linux-x64-baseline', { uname: says('Linux', 'x86_64'), grep: old }],
    ['linux-x64-musl', { uname: says('Linux', 'x86_64'), ldd: alpine }],
    ['linux-x64-musl-baseline', { uname: says('Linux', 'amd64'), ldd: alpine, grep: old }],
    ['linux-arm64', { uname: says('Linux', 'aarch64'), grep: old }],
    ['linux-arm64-musl', { uname: says('Linux', 'aarch64'), ldd: alpine }],
    ['darwin-arm64', { uname: says('Darwin', 'arm64') }],
    ['darwin-x64', { uname: says('Darwin', 'x86_64'), sysctl: 'echo 0' }],
    ['darwin-arm64', { uname: says('Darwin', 'x86_64'), sysctl: 'echo 1' }],
  ])('%s', async (target, scripts) => {
    publish(server, {
      version: '1.2.3',
      targets: [...new Set(['linux-x64', 'darwin-x64', target, 'windows-x64'])],
    })
    const { stdout, stderr } = await install([], { env: { PATH: toolbox(usual, scripts) } })
    expect(stderr).toBe('')
    expect(stdout).toContain(`sesame 1.2.3 (${target}) is installed`)
  })

  test.each([
    [says('Linux', 'armv7l'), 'npm install -g sesame-sso'],
    [says('FreeBSD', 'amd64'), 'npm install -g sesame-sso'],
    [says('MINGW64_NT-10.0', 'x86_64'), 'Scoop'],
  ])('no build: %s', async (uname, advice) => {
    const { stderr, code } = await install([], { env: { PATH: toolbox(usual, { uname }) } })
    expect({ stderr, code }).toEqual({ stderr: expect.stringContaining(advice), code: 1 })
    expect(server.asked).toEqual([])
  })

  test('--target takes another one', async () => {
    publish(server, { version: '1.2.3', targets: ['linux-x64', 'linux-x64-musl'] })
    expect((await install(['--target', 'linux-x64-musl'])).stdout).toContain('(linux-x64-musl)')
    expect((await install(['--target=linux-riscv64'])).stderr).toContain(
      'no checksum of an archive for linux-riscv64',
    )
  })

  test.each([
    ['wget in the place of curl', () => toolbox([...without('curl'), 'wget'])],
    ['shasum in the place of sha256sum', () => toolbox([...without(...checksumTools), 'shasum', 'perl'])],
    ['openssl in the place of both', () => toolbox([...without(...checksumTools), 'openssl'])],
    [
      'nothing but busybox',
      () => {
        const directory = mkdtempSync(join(work, 'busybox-'))
        spawnSync('busybox', ['--install', '-s', directory])
        return directory
      },
    ],
  ])('%s', async (name, tools) => {
    if (name.includes('busybox') && findProgram('busybox') === undefined) return
    publish(server, { version: '1.2.3' })
    const { stdout, stderr, code } = await install([], { env: { PATH: tools() } })
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(stdout).toContain(`sesame 1.2.3 (${here}) is installed`)
    server.files.set('/latest/download/SHA256SUMS', checksumLine(`sesame-1.2.4-${here}.tar.gz`, 'x'))
    server.files.set(`/download/v1.2.4/sesame-1.2.4-${here}.tar.gz`, 'y')
    expect((await install([], { env: { PATH: tools() } })).stderr).toContain('Nothing was changed.')
  })

  test.each([
    [['curl'], 'install curl or wget'],
    [checksumTools, 'install sha256sum, shasum or openssl'],
  ])('without %s it says what is needed', async (missing, message) => {
    publish(server, { version: '1.2.3' })
    const { stderr, code } = await install([], { env: { PATH: toolbox(without(...missing)) } })
    expect({ stderr, code }).toEqual({ stderr: expect.stringContaining(message), code: 1 })
    expect(everything(home)).toEqual([])
  })

  test('an .xz archive where it can be unpacked', async () => {
    publish(server, { version: '1.2.3' })
    const gz = String(server.files.get('/latest/download/SHA256SUMS'))
    publish(server, { version: '1.2.3', compression: 'xz' })
    server.files.set('/latest/download/SHA256SUMS', gz + server.files.get('/latest/download/SHA256SUMS'))
    expect((await install()).code).toBe(0)
    expect(server.asked.at(-1)).toMatch(/\.xz$/)
    expect((await install([], { env: { PATH: toolbox(without('xz')) } })).code).toBe(0)
    expect(server.asked.at(-1)).toMatch(/\.gz$/)
  })

  test('a man page that lies in the archive, in a directory of the archive or not', async () => {
    for (const directory of ['', 'sesame-1.2.3/']) {
      const files = {
        [`${directory}sesame`]: fakeProgram('1.2.3'),
        [`${directory}sesame.1`]: `page ${directory}`,
      }
      const name = `sesame-1.2.3-${here}.tar.gz`
      const archive = archiveOf(files)
      server.files.set(`/download/v1.2.3/${name}`, archive)
      server.files.set('/latest/download/SHA256SUMS', checksumLine(name, archive))
      expect((await install()).code).toBe(0)
      expect(read('manual')).toBe(`page ${directory}`)
    }
  })
})

describe('where install.sh downloads from', () => {
  test('until the address is set, it says that it needs it', async () => {
    const { stderr, code } = await install([], { env: { SESAME_DOWNLOAD_URL: undefined } })
    expect(code).toBe(1)
    expect(stderr).toContain('SESAME_DOWNLOAD_URL')
    expect(everything(home)).toEqual([])
  })

  test.each([
    'http://downloads.example/sesame',
    'http://127.0.0.1.downloads.example/sesame',
    'http://127.0.0.1:80@downloads.example',
    'http://localhost\\@downloads.example',
    'ftp://downloads.example',
    'file:///etc',
    'downloads.example',
    'https://downloads.example/?a=$(id)',
  ])('%s is refused', async (url) => {
    const { stderr, code } = await install([], { env: { SESAME_DOWNLOAD_URL: url } })
    expect(code).toBe(1)
    expect(stderr).toMatch(/is not https|do not belong/)
    expect(everything(home)).toEqual([])
  })

  test.each([
    ['curl', usual],
    ['wget', [...without('curl'), 'wget']],
  ])('%s: redirections are followed, but never to what is not https', async (_name, tools) => {
    const [name] = publish(server, { version: '1.2.3' })
    const path = `/download/v1.2.3/${name}`
    server.files.set('/elsewhere', server.files.get(path) ?? '')
    server.redirects.set(path, '/elsewhere')
    const env = { PATH: toolbox(tools) }
    expect((await install([], { env })).code).toBe(0)
    await install(['--uninstall'])
    // This machine under a name that the script does not know for its own.
    server.redirects.set(path, `${server.address.replace('127.0.0.1', '127.0.0.2')}/elsewhere`)
    const { code } = await install([], { env })
    expect(code).toBe(1)
    expect(existsSync(join(home, places.program))).toBe(false)
  })
})

describe('how install.sh is called', () => {
  test.each([
    [['--version'], '--version needs a value.'],
    [['--version='], '--version needs a value.'],
    [['--version', 'latest'], 'latest is no version.'],
    [['--version', '1.0.0/../..'], 'is no version.'],
    [['--target', '../x'], 'is no target.'],
    [['--nonsense'], 'There is no option --nonsense.'],
    [['now'], 'There is no option now.'],
  ])('%j is wrong usage', async (words, message) => {
    const { stderr, code } = await install(words)
    expect({ stderr, code }).toEqual({ stderr: expect.stringContaining(message), code: 2 })
    expect(server.asked).toEqual([])
  })

  test('--help names every option that it takes', async () => {
    const { stdout, code } = await install(['--help'])
    expect(code).toBe(0)
    const source = readFileSync(script, 'utf8').slice(
      readFileSync(script, 'utf8').indexOf('read_options() {'),
    )
    for (const [option] of source.matchAll(/--[a-z]+(?=[=)| ])/g))
      if (/^--(?:version|prefix|target|uninstall|force)$/.test(option)) expect(stdout).toContain(option)
  })

  test('half of the script does nothing', async () => {
    publish(server, { version: '1.2.3' })
    const source = readFileSync(script, 'utf8')
    for (const part of [0.3, 0.6, 0.9, 0.99]) {
      const input = source.slice(0, source.length * part)
      const env = { PATH: process.env.PATH, HOME: home, SESAME_DOWNLOAD_URL: server.address }
      spawnSync('sh', [], { input, env, timeout: 60_000 })
    }
    expect(server.asked).toEqual([])
    expect(everything(home)).toEqual([])
  })

  test.each(['there', './there/', '~/there'])(
    '--prefix=%s, without HOME being touched elsewhere',
    async (prefix) => {
      publish(server, { version: '1.2.3' })
      const { stdout, code } = await install([`--prefix=${prefix}`], { cwd: home })
      expect(code).toBe(0)
      expect(stdout).toMatch(/--uninstall --prefix \S/)
      expect(readdirSync(home)).toEqual(['there'])
      expect(everything(home)).toContain('there/bin/sesame')
    },
  )

  test('without HOME it wants a prefix', async () => {
    expect((await install([], { env: { HOME: undefined } })).stderr).toContain('--prefix')
    publish(server, { version: '1.2.3' })
    const options = { env: { HOME: undefined } }
    expect((await install(['--prefix', join(home, 'p')], options)).code).toBe(0)
  })

  test.each([
    ['/bin/bash', '.bashrc', ['bash', '--norc', '-c']],
    ['/usr/bin/zsh', '.zshrc', ['zsh', '-f', '-c']],
    ['/bin/sh', '.profile', ['sh', '-c']],
    ['/usr/bin/fish', 'fish_variables', ['fish', '-c']],
  ])('%s: the line that it prints puts the directory into the PATH', async (shell, file, run) => {
    publish(server, { version: '1.2.3' })
    const { stdout } = await install([], { env: { SHELL: shell } })
    const line = /open a new shell:\n {2}(.*)\n/.exec(stdout)?.[1] ?? ''
    expect(line).not.toBe('')
    const [program = '', ...words] = run
    const env = { PATH: process.env.PATH, HOME: home }
    const shown = (text: string) =>
      spawnSync(program, [...words, text], { env, encoding: 'utf8' }).stdout.trim()
    if (file === 'fish_variables') {
      expect(shown(`${line}; string join \\n $PATH`).split('\n')).toContain(join(home, '.local/bin'))
      return
    }
    expect(shown(line)).toBe('')
    expect(existsSync(join(home, file))).toBe(true)
    expect(shown(`. "$HOME/${file}"; printf %s "$PATH"`).split(delimiter)[0]).toBe(join(home, '.local/bin'))
  })

  test('a directory in the PATH needs no line; a program that comes before is named', async () => {
    publish(server, { version: '1.2.3' })
    const bin = join(home, '.local/bin')
    const { stdout } = await install([], { env: { PATH: `${bin}:${process.env.PATH}` } })
    expect(stdout).not.toMatch(/not in your PATH|another program/)
    const before = toolbox([], { sesame: 'true' })
    const again = await install([], { env: { PATH: `${before}:${bin}:${process.env.PATH}` } })
    expect(again.stdout).toContain(`another program in your PATH, ${before}/sesame, which comes first`)
  })

  test('a place that cannot be written is named, and nothing is left', async () => {
    publish(server, { version: '1.2.3' })
    const { stderr, code } = await install(['--prefix', '/proc/self/there'])
    expect({ stderr, code }).toEqual({
      stderr: expect.stringMatching(/Nothing can be written in \/.*\n.*--prefix/),
      code: 1,
    })
    mkdirSync(join(home, '.local/share/man/man1/sesame.1'), { recursive: true })
    const partly = await install()
    expect(partly).toMatchObject({ code: 0, stderr: expect.stringContaining('sesame.1 was not installed.') })
  })
})
