import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, Row } from './peer.ts'
import { providerSteps } from './providers/steps.ts'

const path = join(import.meta.dirname, '..', '..', 'docs', 'compatibility.md')

/** Writes `docs/compatibility.md` from the rows of one run. */
export function writeCompatibility(rows: readonly Row[], now: Date): void {
  writeFileSync(path, compatibilityPage(rows, now))
}

/** What works with which program: a table for the providers, one for the clients, then why not. */
export function compatibilityPage(rows: readonly Row[], now: Date): string {
  const lines = [
    '# Compatibility',
    '',
    '```sh',
    'npm run peers -- --docs',
    '```',
    '',
    `That command made this page on ${now.toISOString().slice(0, 10)}, with Node.js ${process.versions.node} on Linux.`,
    'Each program was written by others and ran in the version named; nothing stands here that did not run.',
    '',
    `✓ works · ${partly} works, but for what is named below and lies in that program · ○ that program has not got it · ✗ does not work · – cannot be tried with it`,
    '',
    ...providerTable(rows),
    ...clientTables(rows),
    ...reasons(rows),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

const partly = '◐'
const marks: Record<Outcome, string> = { ok: '✓', failed: '✗', known: '○', skipped: '–' }

function providerTable(all: readonly Row[]): string[] {
  const rows = all.filter(({ kind, step }) => kind === 'provider' && step !== 'all')
  const names = unique(rows.map(({ peer }) => peer))
  if (names.length === 0) return []
  const marksOf = (step: string) =>
    names.map((name) => markOf(rows.filter((row) => row.peer === name && row.step === step)))
  const body = providerSteps.map(({ name, what }) => [name, what, ...marksOf(name)])
  const head = ['step', 'what is tried', ...names.map((name) => titleOf(name, rows))]
  return ['## OpenID providers', '', ...markdownTable(head, body), '']
}

/** Steps of clients are called `WAY: STEP`, and a table shows the ways; a step without a way has a row of its own. */
function clientTables(all: readonly Row[]): string[] {
  const rows = all.filter(({ kind, step }) => kind === 'client' && step !== 'all')
  if (rows.length === 0) return []
  const ofWays = rows.filter(({ step }) => wayOf(step) !== undefined)
  const ways = unique(ofWays.map(({ step }) => wayOf(step) ?? ''))
  const names = unique(ofWays.map(({ peer }) => peer))
  const marksOf = (name: string) =>
    ways.map((way) => markOf(ofWays.filter((row) => row.peer === name && wayOf(row.step) === way)))
  const others = rows.filter(({ step }) => wayOf(step) === undefined)
  return [
    '## Clients',
    '',
    ...markdownTable(
      ['client', ...ways],
      names.map((name) => [titleOf(name, rows), ...marksOf(name)]),
    ),
    '',
    ...(others.length === 0
      ? []
      : [
          ...markdownTable(
            ['client', 'what else is tried', ''],
            others.map(({ peer, step, outcome }) => [titleOf(peer, rows), step, marks[outcome]]),
          ),
          '',
        ]),
  ]
}

function wayOf(step: string): string | undefined {
  return /^(.*?): /s.exec(step)?.[1]
}

/** Some names have the version in them already, where two versions are tried. */
function titleOf(name: string, rows: readonly Row[]): string {
  const version = rows.find(({ peer }) => peer === name)?.version ?? ''
  return `${name.replace(`-${version}`, '')} ${version}`.trim()
}

/** The worst of them, but where a part works that is said; steps that cannot be tried count when there are no others. */
function markOf(rows: readonly Row[]): string {
  const has = (outcome: Outcome) => rows.some((row) => row.outcome === outcome)
  if (rows.length === 0) return ''
  if (has('failed')) return marks.failed
  if (has('known')) return has('ok') ? partly : marks.known
  return has('ok') ? marks.ok : marks.skipped
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** For each program what is not ok, a line for each reason, and at the end those that did not run. */
function reasons(all: readonly Row[]): string[] {
  const odd = all.filter(({ outcome }) => outcome !== 'ok')
  if (odd.length === 0) return []
  const lines = unique(odd.map(({ peer }) => peer)).flatMap((name) => {
    const rows = odd.filter(({ peer }) => peer === name)
    return unique(rows.map(({ why = '' }) => why)).map((why) => reason(rows, why, titleOf(name, all)))
  })
  return ['## Why not', '', ...lines, '']
}

function reason(rows: readonly Row[], why: string, title: string): string {
  const alike = rows.filter((row) => (row.why ?? '') === why)
  const [first] = alike
  if (first?.step === 'all') return `- ${title} did not run: ${why}`
  const [way, ...otherWays] = unique(alike.map(({ step }) => wayOf(step) ?? ''))
  const steps =
    way && otherWays.length === 0 && alike.length > 1
      ? `${way} (${alike.map(({ step }) => step.slice(way.length + 2)).join(', ')})`
      : alike.map(({ step }) => step).join(', ')
  return `- ${marks[worstOf(alike)]} ${title}, ${steps}: ${why}`
}

function worstOf(rows: readonly Row[]): Outcome {
  const order: readonly Outcome[] = ['failed', 'known', 'skipped']
  return order.find((outcome) => rows.some((row) => row.outcome === outcome)) ?? 'ok'
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
