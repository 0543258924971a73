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
    `Made by \`npm run peers -- --docs\` on ${now.toISOString().slice(0, 10)}, with Node.js ${process.versions.node} on Linux.`,
    'Each program was written by others and ran in the version named; nothing stands here that did not run.',
    '',
    '✓ works · ✗ does not work · ○ fails for a reason that lies in that program · – cannot be tried with it',
    '',
    ...providerTable(rows),
    ...clientTable(rows),
    ...reasons(rows),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

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

/** Steps of clients are called `WAY: STEP`; a way works when each of its steps does. */
function clientTable(all: readonly Row[]): string[] {
  const rows = all.filter(({ kind, step }) => kind === 'client' && step !== 'all')
  const names = unique(rows.map(({ peer }) => peer))
  if (names.length === 0) return []
  const wayOf = ({ step }: Row) => step.replace(/: .*/s, '')
  const ways = unique(rows.map(wayOf))
  const marksOf = (name: string) =>
    ways.map((way) => markOf(rows.filter((row) => row.peer === name && wayOf(row) === way)))
  const body = names.map((name) => [titleOf(name, rows), ...marksOf(name)])
  return ['## Clients', '', ...markdownTable(['client', ...ways], body), '']
}

function titleOf(name: string, rows: readonly Row[]): string {
  return `${name} ${rows.find(({ peer }) => peer === name)?.version}`.trim()
}

/** The worst of them; steps that cannot be tried count when there are no others. */
function markOf(rows: readonly Row[]): string {
  const order: readonly Outcome[] = ['failed', 'known', 'ok', 'skipped']
  const worst = order.find((outcome) => rows.some((row) => row.outcome === outcome))
  return worst === undefined ? '' : marks[worst]
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** For each program what is not ok, and at the end those that did not run. */
function reasons(rows: readonly Row[]): string[] {
  const odd = rows.filter(({ outcome }) => outcome !== 'ok')
  if (odd.length === 0) return []
  const lines = unique(odd.map(({ peer }) => peer)).flatMap((name) =>
    odd
      .filter(({ peer }) => peer === name)
      .map(({ step, outcome, why = '' }) =>
        step === 'all' ? `- ${name} did not run: ${why}` : `- ${marks[outcome]} ${name}, ${step}: ${why}`,
      ),
  )
  return ['## Why not', '', ...lines, '']
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
