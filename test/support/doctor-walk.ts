import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished } from 'vitest'
import type { TestPortal } from './portal.ts'
import { sesamePath } from './sesame.ts'
import { makeTestHome, type TestHome } from './test-home.ts'

/** What `doctor --json` says of one thing. */
export interface Finding {
  check: string
  status: string
  message: string
  fix?: string
}

/** A machine on which something is broken, and the environment of its shell. */
export interface Patient {
  home: TestHome
  /** The aliyun CLI's configuration. */
  path: string
  aliyun(content: unknown): void
  portal: TestPortal
}

/** A user with the profile `dev`, who is signed in unless `signedIn` is false. */
export async function patient(
  portal: TestPortal,
  {
    env = { SESAME_STORE: 'plaintext' },
    signedIn = true,
  }: { env?: Record<string, string>; signedIn?: boolean } = {},
): Promise<Patient> {
  const home = makeTestHome(portal, env)
  onTestFinished(() => home.remove())
  if (signedIn) expect((await home.run(['login', '--profile', 'dev', '--no-browser'])).code).toBe(0)
  const directory = join(home.home, '.aliyun')
  mkdirSync(directory, { mode: 0o700 })
  const path = join(directory, 'config.json')
  const aliyun = (content: unknown) => {
    const bytes = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content)
    writeFileSync(path, bytes, { mode: 0o600 })
  }
  return { home, path, aliyun, portal }
}

/** A place in the source of the doctor that makes a finding with a remedy: `profiles.ts:37:12`, with the text from there on. */
export interface Site {
  place: string
  text: string
  /** The whole call. */
  call: string
}

const sources = join(import.meta.dirname, '..', '..', 'src', 'doctor')

/** All places that make one. */
export function allSites(): Site[] {
  return readdirSync(sources).flatMap((file) => {
    const source = readFileSync(join(sources, file), 'utf8')
    return [...source.matchAll(/(?<!function )\b(?:warning|problem)\(/g)].map(({ index }) => {
      const lines = source.slice(0, index).split('\n')
      const place = `${file}:${lines.length}:${(lines.at(-1) ?? '').length + 1}`
      return { place, text: source.slice(index, index + 120), call: callAt(source, index) }
    })
  })
}

/** From the name of a function to the end of its arguments. */
function callAt(source: string, start: number): string {
  let depth = 0
  for (let end = source.indexOf('(', start); end < source.length; end++) {
    if (source[end] === '(') depth++
    if (source[end] === ')') depth--
    if (depth === 0) return source.slice(start, end + 1)
  }
  return source.slice(start)
}

/** Where each finding was made, as `message` and `fix`. */
const madeAt = new Map<string, string>()
/** Places whose remedy was carried out, and helped. */
export const walked = new Set<string>()
/** Findings that `--fix` can do something about, as `message` and `fix`, and the places where it did. */
const withRemedy = new Set<string>()
export const fixedAt = new Set<string>()

/** Notes where a finding is made; called from there, by way of one function. */
export function noteSite(finding: Finding & { remedy?: unknown }): void {
  const line = new Error('site').stack?.split('\n')[3] ?? ''
  const place = /([\w-]+\.ts:\d+:\d+)\)?$/.exec(line)?.[1] ?? line
  madeAt.set(`${finding.message}\n${finding.fix}`, place)
  if (finding.remedy !== undefined) withRemedy.add(`${finding.message}\n${finding.fix}`)
}

/** Runs `doctor --fix --yes`, after which no finding is left that it could do something about, and no new problem is there. */
export async function walkByFix(
  who: Patient,
  env: Record<string, string>,
  checks: readonly string[],
): Promise<void> {
  const before = await findings(who, env)
  const placeOf = ({ message, fix }: Finding) => madeAt.get(`${message}\n${fix}`) ?? ''
  const fixable = before.filter(({ message, fix }) => withRemedy.has(`${message}\n${fix}`))
  expect(fixable.filter(({ check }) => checks.includes(check))).not.toEqual([])
  const { stdout, stderr } = await who.home.run(['doctor', '--fix', '--yes', '--offline', '--json'], { env })
  const after = (JSON.parse(stdout) as Finding[]).filter(({ status }) => status !== 'ok')
  for (const finding of fixable) {
    expect(after, stderr).not.toContainEqual(finding)
    fixedAt.add(placeOf(finding))
  }
  expect(after.filter(({ status }) => status === 'problem')).toEqual([])
}

/** Whether a remedy is a command as it stands, and not a sentence or one with a gap in it. */
export function isCommand(fix = ''): boolean {
  return /^(?:sesame|aliyun|mv|rm|chmod|unset|export|eval|SESAME_\w+=)/.test(fix) && !/…|COMMAND/.test(fix)
}

/** What doctor says that is not ok. */
export async function findings(
  { home, portal }: Patient,
  env: Record<string, string>,
  checks?: readonly string[],
): Promise<Finding[]> {
  const { stdout } = await home.run(['doctor', '--offline', '--json'], { env })
  const all: Finding[] = JSON.parse(stdout)
  for (const { value } of portal.issued) expect(stdout).not.toContain(value)
  return all.filter(({ check, status }) => status !== 'ok' && (checks?.includes(check) ?? true))
}

/** Runs a remedy as a user would paste it, and returns the environment of the shell after it. */
async function carryOut(
  fix: string,
  { home }: Patient,
  { env, input = '' }: { env: Record<string, string>; input?: string },
): Promise<Record<string, string>> {
  const bin = mkdtempSync(join(tmpdir(), 'remedy-'))
  onTestFinished(() => rmSync(bin, { recursive: true }))
  writeFileSync(join(bin, 'sesame'), `#!/bin/sh\nexec '${process.execPath}' '${sesamePath}' "$@"\n`, {
    mode: 0o755,
  })
  const base = { PATH: `${bin}:${process.env.PATH}`, HOME: home.home }
  // Not spawnSync: the servers that a remedy talks to are in this process.
  const shell = spawn('bash', ['-c', `{ ${fix}; } >&2 && env -0`], { env: { ...base, ...env } })
  const texts = [shell.stdout, shell.stderr].map((stream) => text(stream))
  shell.stdin.on('error', () => {
    // Most remedies read nothing.
  })
  shell.stdin.end(input)
  const [status] = await once(shell, 'close')
  const [stdout = '', stderr = ''] = await Promise.all(texts)
  expect(status, `${fix}\n${stderr}`).toBe(0)
  const own = stdout
    .split('\0')
    .filter(Boolean)
    .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
    .filter(([name]) => !(name in base) && !['_', 'SHLVL', 'PWD', 'OLDPWD'].includes(name))
  // What a run would otherwise be given by the test home.
  return { SESAME_STORE: '', ...Object.fromEntries(own) }
}

/** Walks on from what is broken: each remedy leads to a state without its finding, at most a few times, and to no new problem. */
export async function walk(
  who: Patient,
  env: Record<string, string>,
  checks: readonly string[],
  input?: string,
): Promise<string[]> {
  const fixes: string[] = []
  let now: Record<string, string> = { SESAME_STORE: 'plaintext', ...env }
  for (let step = 0; step < 8; step++) {
    const before = await findings(who, now)
    const first = before.find(({ check }) => checks.includes(check))
    if (first === undefined) return fixes
    const fix = first.fix ?? ''
    expect(isCommand(fix), fix).toBe(true)
    fixes.push(fix)
    now = await carryOut(fix, who, { env: now, ...(input !== undefined && { input }) })
    const after = await findings(who, now)
    expect(after).not.toContainEqual(first)
    const problems = (all: Finding[]) => all.filter(({ status }) => status === 'problem').length
    expect(problems(after), JSON.stringify(after)).toBeLessThanOrEqual(problems(before))
    walked.add(madeAt.get(`${first.message}\n${fix}`) ?? first.message)
  }
  throw new Error(`not fine after: ${fixes.join(' | ')}`)
}
