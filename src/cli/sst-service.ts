import { readFileSync } from 'node:fs'
import { errorCode, SesameError } from '../errors.ts'
import { printable } from '../printable.ts'
import { rememberSecret } from '../secret.ts'
import {
  type KeyFile,
  memoryRevocations,
  type OpenRevocations,
  openTokenService,
  parseKeyFile,
  type RevocationList,
  readKeyFile,
  redisRevocations,
  sqliteRevocations,
  type TokenService,
} from '../sst/index.ts'
import type { Input } from './command.ts'
import type { Program } from './compose.ts'
import { readStandardInput } from './standard-input.ts'

/** Opens the token service that the options describe, lets it work, and closes it. */
export async function withTokenService<T>(
  input: Input,
  program: Program,
  work: (tokens: TokenService) => Promise<T>,
  { revocations = revocationsOf(input, program) }: { revocations?: OpenRevocations } = {},
): Promise<T> {
  const { key, formerKeys, serviceName } = await readKey(input)
  const service = input.text('service') ?? serviceName
  const tokens = await openTokenService({
    keys: [key, ...formerKeys],
    ...(service === undefined ? {} : { service }),
    revocations,
    allowWeakKey: input.has('force'),
    clock: program.edges.clock,
    log: program.session.log,
  })
  try {
    return await work(tokens)
  } finally {
    await tokens.close()
  }
}

/** For `create`, which asks no revocation list: none is opened, and none is made. */
export const noRevocations: OpenRevocations = memoryRevocations()

/** The token given as argument, or by standard input for `-`. */
export async function readToken(input: Input): Promise<string> {
  const [given] = input.positionals
  if (given === undefined) {
    throw new SesameError('ERR_USAGE', 'Which token?', {
      hint: 'Give it as argument, or - for the standard input.',
    })
  }
  if (given === '-' && input.text('key-file') === '-') {
    throw new SesameError('ERR_USAGE', 'Key and token cannot both come by the standard input.')
  }
  const token = given === '-' ? (await readStandardInput('The token')).trim() : given
  rememberSecret(token)
  return token
}

/** Opens the revocation list alone, without a key. */
export function openRevocations(input: Input, program: Program): Promise<RevocationList> {
  const { edges, session } = program
  return revocationsOf(input, program)({ clock: edges.clock, log: session.log })
}

/** Where revocations are kept: `--db`, `--redis`, `SESAME_REDIS_URL`, else the usual database. */
function revocationsOf(input: Input, { edges }: Program): OpenRevocations {
  const file = input.text('db')
  const redis = input.text('redis')
  if (file !== undefined && redis !== undefined) {
    throw new SesameError('ERR_USAGE', '--db and --redis exclude each other.')
  }
  if (redis !== undefined && hasPassword(redis)) {
    throw new SesameError(
      'ERR_USAGE',
      'A password does not belong into an argument: every user of this machine can read it.',
      {
        hint: 'Put the Redis URL into the environment variable SESAME_REDIS_URL.',
      },
    )
  }
  const url = redis ?? (file === undefined ? edges.env.SESAME_REDIS_URL : undefined)
  if (url) return redisRevocations({ url, ...certificates(edges.env.SESAME_CA_FILE) })
  return sqliteRevocations(file === undefined ? {} : { file })
}

async function readKey(input: Input): Promise<KeyFile> {
  const path = input.text('key-file')
  if (path === undefined) {
    throw new SesameError('ERR_USAGE', 'The key is missing: name its file with --key-file.', {
      hint: '"sesame sst create-key --key-file key.yaml" makes one.',
    })
  }
  if (path !== '-') return readKeyFile(path, { allowShared: input.has('force') })
  const text = await readStandardInput('The key')
  rememberSecret(text)
  // As create-key prints it. In a key file a blank follows the colon, or it is JSON.
  if (!/\s/.test(text) && !text.startsWith('{"')) return { key: text, formerKeys: [] }
  return parseKeyFile(text, 'The key file on the standard input')
}

function hasPassword(url: string): boolean {
  return URL.canParse(url) ? new URL(url).password !== '' : url.includes('@')
}

function certificates(path: string | undefined): { ca?: string } {
  if (!path) return {}
  try {
    return { ca: readFileSync(path, 'utf8') }
  } catch (cause) {
    throw new SesameError(
      'ERR_CONFIG',
      `SESAME_CA_FILE cannot be read: ${printable(path)} (${errorCode(cause)}).`,
      {
        cause,
      },
    )
  }
}
