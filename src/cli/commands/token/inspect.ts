import { decodeJwt } from '../../../jwt/index.ts'
import { type FixedText, formatInstant, printable, t } from '../../../kit/index.ts'
import type { Command } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { fileOption, readTokenInput } from './input.ts'

/** Claims that are instants: seconds since 1970 (RFC 7519 section 4.1, OpenID Connect Core section 2). */
const instants = ['exp', 'nbf', 'iat', 'auth_time']
const lastSecond = 253_402_300_799

/** `sesame token inspect`: what a token says, true or not. Its signature is never printed. */
export const tokenInspectCommand: Command = {
  name: 'inspect',
  summary: 'show what a token says, without verifying it',
  usage: '[-]',
  maxPositionals: 1,
  options: [fileOption, { name: 'json', summary: 'header and claims as JSON' }],
  examples: ['sesame token inspect < token', 'sesame token inspect --file token --json'],
  async run(input, program) {
    const { header, claims } = decodeJwt(await readTokenInput(input, program.edges))
    if (input.has('json')) {
      program.print(`${printable(JSON.stringify({ header, claims }), Infinity)}\n`)
    } else {
      const now = program.session.clock.now()
      program.print(`${t('Header')}\n${rows(header, now)}${t('Claims')}\n${rows(claims, now)}`)
    }
    program.notify(
      t('Nothing of this is verified: anyone can write such a token. See "sesame help token verify".'),
    )
    return exitCodes.done
  },
}

function rows(members: Record<string, unknown>, now: Date): string {
  const names = Object.keys(members)
  const width = Math.max(0, ...names.map((name) => Math.min(name.length, 30)))
  return names
    .map((name) => `  ${printable(name, 60).padEnd(width)}  ${shown(name, members[name], now)}\n`)
    .join('')
}

function shown(name: string, value: unknown, now: Date): string {
  if (typeof value === 'number' && instants.includes(name) && value >= 0 && value <= lastSecond) {
    const instant = new Date(value * 1000)
    return `${formatInstant(instant)} (${distance((instant.getTime() - now.getTime()) / 1000)})`
  }
  return printable(typeof value === 'string' ? value : JSON.stringify(value), 2000)
}

/** `in 5 min`, `2 h ago`: in the largest unit of which there are at least two. */
function distance(seconds: number): string {
  const size = Math.abs(seconds)
  const [length, unit] = units.find(([length]) => size >= 2 * length) ?? ([1, 's'] as const)
  const duration = `${Math.floor(size / length)} ${t(unit)}`
  return seconds < 0 ? t('{duration} ago', { duration }) : t('in {duration}', { duration })
}

const units: readonly (readonly [number, FixedText])[] = [
  [86_400, 'days'],
  [3600, 'h'],
  [60, 'min'],
]
