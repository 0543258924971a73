import { diagnose, type Finding } from '../../doctor/index.ts'
import { standaloneTarget, version } from '../../kit/index.ts'
import { checkProfileName } from '../../profiles/index.ts'
import { passphraseOf } from '../../terminal/index.ts'
import { type Command, profileOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

/** `sesame doctor`: what is wrong here, and the command that fixes it. Exit 0 without problems, else 1. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'look at configuration, store, network, clock and leftovers, and say how to fix what is wrong',
  unattended: true,
  options: [
    { ...profileOption, summary: 'only this profile (default: all)' },
    { name: 'json', summary: 'as JSON: [{"check","status","message","fix"}]' },
    { name: 'offline', summary: 'send no request' },
  ],
  examples: ['sesame doctor', 'sesame doctor --offline --json'],
  async run(input, program) {
    const profile = input.text('profile')
    if (profile !== undefined) checkProfileName(profile)
    const { edges, session } = program
    const findings = await diagnose(
      { profile, offline: input.has('offline') },
      {
        versions: {
          sesame: version,
          build: standaloneTarget,
          node: process.versions.node,
          bun: process.versions.bun,
          platform: `${edges.platform} ${process.arch}`,
        },
        platform: edges.platform,
        env: edges.env,
        homeDirectory: edges.homeDirectory,
        passphraseAtHand: passphraseOf(edges) !== undefined,
        place: program.place,
        inspectStore: program.inspectStore,
        wayTo: program.wayTo,
      },
      session,
    )
    program.print(input.has('json') ? `${JSON.stringify(findings)}\n` : formatFindings(findings))
    return findings.some(({ status }) => status === 'problem') ? exitCodes.failed : exitCodes.done
  },
}

/** One line a finding; what is not ok ends with its fix. */
function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length))
  return findings
    .map(({ check, status, message, fix }) => {
      const end = fix === undefined ? '' : `  ->  ${fix}`
      return `${status.padEnd(7)}  ${check.padEnd(width)}  ${message}${end}\n`
    })
    .join('')
}
