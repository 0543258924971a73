import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { makeHome, runSesame } from '../support/sesame.ts'

runCommandsHere()

/*
 * Every command with something in the way of each file that it may touch. Root is refused nothing, so the files are broken in
 * ways that stop root, too: a file where a directory should be and the other way round, links in a circle, names that are too long.
 */

const token = 'eyJhbGciOiJub25lIn0.e30.'

/** Command lines; FILE stands for the broken one where it is named by an option. */
const commands: readonly (readonly string[])[] = [
  ['login'],
  ['login', '--env'],
  ['login', '--force'],
  ['credentials'],
  ['credentials', '--format', 'aws'],
  ['configure', '--profile', 'new', '--signin-url', 'https://portal.example/x/login'],
  ['configure', '--store', 'memory'],
  ['configure', '--store', 'encrypted-file', '--new-key'],
  ['configure', '--for', 'aliyun', '--profile', 'default'],
  ['configure', '--for', 'sdk', '--profile', 'default'],
  ['profile'],
  ['profile', 'list', '--json'],
  ['profile', 'show'],
  ['profile', 'use', 'default'],
  ['profile', 'import'],
  ['profile', 'import', '--delete-source'],
  ['profile', 'delete', 'default'],
  ['token', 'get'],
  ['unlock'],
  ['lock'],
  ['logout'],
  ['logout', '--all'],
  ['oss', 'presign', 'oss://b/k', '--region', 'cn-hangzhou'],
  ['sst', 'init'],
  ['sst', 'list'],
  ['sst', 'revoke', '--key-file', 'key.yaml', '-'],
  ['sst', 'verify', '--key-file', 'key.yaml', '-'],
  ['doctor', '--offline'],
  ['doctor', '--offline', '--json'],
  ['completion', '--profiles'],
  ['__complete', '3', 'login', '--profile', ''],
]

/** What is put in the way at a path. */
const obstacles: Record<string, (path: string) => void> = {
  'a file': (path) => fs.writeFileSync(path, 'x', { mode: 0o600 }),
  'a directory': (path) => fs.mkdirSync(join(path, 'x'), { recursive: true }),
  'links in a circle': (path) => fs.symlinkSync(path, path),
  'a link to nothing': (path) => fs.symlinkSync(join(dirname(path), 'nothing', 'there'), path),
}

/** The places below HOME, and what may be in the way there. */
const places: readonly [string, readonly string[]][] = [
  ['.config', ['a file', 'links in a circle', 'a link to nothing']],
  ['.config/sesame', ['a file', 'links in a circle', 'a link to nothing']],
  ['.config/sesame/config.json', ['a directory', 'links in a circle', 'a link to nothing']],
  ['.config/sesame/config.schema.json', ['a directory']],
  ['.local', ['a file', 'a link to nothing']],
  ['.local/state/sesame', ['a file', 'links in a circle', 'a link to nothing']],
  ['.local/state/sesame/state.json', ['a directory', 'links in a circle', 'a link to nothing']],
  ['.local/state/sesame/locks', ['a file', 'links in a circle', 'a link to nothing']],
  ['.local/state/sesame/outcomes', ['a file', 'links in a circle']],
  ['.local/state/sesame/plaintext-secrets', ['a file', 'links in a circle', 'a link to nothing']],
  ['.local/state/sesame/secrets', ['a file', 'links in a circle']],
  ['.local/state/sesame/secrets/.verifier.json', ['a directory', 'links in a circle']],
  ['.config/sst', ['a file', 'links in a circle', 'a link to nothing']],
  ['.config/sst/sst.db', ['a directory', 'links in a circle', 'a link to nothing']],
  ['.aliyun', ['a file', 'links in a circle', 'a link to nothing']],
  ['.aliyun/config.json', ['a directory', 'links in a circle', 'a link to nothing']],
  ['.alibabacloud_sso', ['a directory', 'links in a circle']],
  ['.alibabacloud_sso_sts', ['a directory', 'links in a circle']],
  ['.alibabacloud', ['a file', 'links in a circle']],
]

let portal: TestPortal
/** A HOME that is signed in, copied for each state. */
let whole: ReturnType<typeof makeHome>
beforeAll(async () => {
  portal = await startPortal({ intervalSeconds: 0.05 })
  whole = makeHome()
  const env = { SESAME_STORE: 'plaintext' }
  const run = (...words: string[]) => runSesame(words, { home: whole.home, env })
  await run('configure', '--signin-url', portal.signInUrl)
  expect(await run('login')).toMatchObject({ code: 0 })
  expect(await run('sst', 'create-key', '--key-file', join(whole.home, 'work', 'key.yaml'))).toMatchObject({
    code: 0,
  })
  expect(await run('sst', 'init')).toMatchObject({ code: 0 })
})
afterAll(async () => {
  await portal.stop()
  whole.remove()
})

function copyOfHome() {
  const copy = makeHome()
  fs.cpSync(whole.home, copy.home, { recursive: true })
  return copy
}

interface State {
  home: string
  env?: Record<string, string>
}

/** Runs a command in a broken HOME; says what is wrong with what it says. */
async function objection(words: readonly string[], { home, env = {} }: State): Promise<string | undefined> {
  const options = { home, cwd: join(home, 'work'), input: token, env: { SESAME_STORE: 'plaintext', ...env } }
  const { code, stdout, stderr } = await runSesame(
    words.map((word) => (word === 'key.yaml' ? join(home, 'work', word) : word)),
    options,
  )
  const said = `${words.join(' ')}: exit ${code}: ${stderr}`
  // A code of the system is no reason that a person can read.
  if (
    /Unexpected error|^ +at |syscall|illegal operation|\bE[A-Z]{3,}\b(?!_)/m.test(
      stderr.replaceAll('ERR_', '').replaceAll(home, ''),
    )
  )
    return said
  if (code === null || ![0, 1, 2, 3, 5].includes(code)) return said
  if (code === 0 || words[0] === 'doctor') return undefined
  if (stdout !== '' && !stdout.startsWith('unset -v ')) return `stdout: ${stdout}`
  const failure = stderr.slice(stderr.search(/^sesame: /m))
  if (failure.trimEnd().split('\n').length > 2) return said
  return code !== 5 || failure.includes(home) || /passphrase|kept in memory/.test(failure) ? undefined : said
}

const encrypted = { SESAME_STORE: 'encrypted-file', SESAME_PASSPHRASE: 'correct horse battery' }

test.each(places.flatMap(([place, kinds]) => kinds.map((kind) => [kind, place] as const)))(
  '[case 135] %s at %s is named, in words, by every command',
  async (kind, place) => {
    const objections: (string | undefined)[] = []
    for (const words of commands) {
      const copy = copyOfHome()
      try {
        const path = join(copy.home, place)
        fs.rmSync(path, { recursive: true, force: true })
        fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        obstacles[kind]?.(path)
        const env = place.includes('/secrets') ? encrypted : {}
        objections.push(await objection(words, { home: copy.home, env }))
      } finally {
        copy.remove()
      }
    }
    expect(objections.filter((each) => each !== undefined)).toEqual([])
  },
)
