import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Row } from './peer.ts'

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
    `Made by \`npm run peers -- --docs\` on ${now.toISOString().slice(0, 10)}, with sesame on Node.js ${process.versions.node} and Linux.`,
    'Each column is a program that was not written here, in the version named; each row a step with it.',
    '',
    '✓ works · ✗ does not work · ○ fails for a reason that lies in that program · – not tried',
    '',
    ...section('OpenID providers', rows, 'provider'),
    ...section('Clients', rows, 'client'),
    ...reasons(rows),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

const marks: Record<Row['outcome'], string> = { ok: '✓', failed: '✗', known: '○', skipped: '–' }

/** A column for each peer that ran; clients have steps of their own, and so a table each. */
function section(title: string, all: readonly Row[], kind: Row['kind']): string[] {
  const rows = all.filter((row) => row.kind === kind && row.step !== 'all')
  const names = unique(rows.map(({ peer }) => peer))
  const steps = unique(rows.map(({ step }) => step))
  if (names.length === 0) return []
  const head = names.map((name) => `${name} ${rows.find(({ peer }) => peer === name)?.version}`)
  const cell = (name: string, step: string) => {
    const row = rows.find((each) => each.peer === name && each.step === step)
    return row === undefined ? '' : marks[row.outcome]
  }
  // Few columns and many rows read better on a narrow page than the other way round.
  const wide = steps.length < names.length
  const [across, down] = wide
    ? [steps, names.map((name, i) => [name, head[i]])]
    : [head, steps.map((s) => [s, s])]
  return [
    `## ${title}`,
    '',
    `| | ${across.join(' | ')} |`,
    `| --- |${across.map(() => ' --- |').join('')}`,
    ...down.map(([key = '', label]) => {
      const cells = wide ? steps.map((step) => cell(key, step)) : names.map((name) => cell(name, key))
      return `| ${label} | ${cells.join(' | ')} |`
    }),
    '',
  ]
}

function reasons(rows: readonly Row[]): string[] {
  const odd = rows.filter(({ outcome }) => outcome !== 'ok')
  if (odd.length === 0) return []
  return [
    '## Why not',
    '',
    ...odd.map(({ peer, step, outcome, why = '' }) => `- ${marks[outcome]} ${peer}, ${step}: ${why}`),
    '',
  ]
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
