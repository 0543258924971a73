import type { Program } from '../../../compose/index.ts'
import { readExtraCertificates, readOwnCertificates, refuseUncheckedTls } from '../../../http/index.ts'
import { parseUrl, rememberSecret, SesameError, t } from '../../../kit/index.ts'
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
} from '../../../sst/index.ts'
import { readStandardInput } from '../../../terminal/index.ts'
import type { Input } from '../../command.ts'

/** Opens the token service that the options describe, lets it work, and closes it. */
export async function withTokenService<T>(
  input: Input,
  program: Program,
  work: (tokens: TokenService) => Promise<T>,
  { revocations }: { revocations?: OpenRevocations } = {},
): Promise<T> {
  const list = revocations ?? (await revocationsOf(input, program))
  const { key, formerKeys, serviceName } = await readKey(input)
  const service = input.text('service') ?? serviceName
  const tokens = await openTokenService({
    keys: [key, ...formerKeys],
    ...(service === undefined ? {} : { service }),
    revocations: list,
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

/**
 * The token from the standard input (`-`), or given as argument, as sstcli takes it: then a line says who can read it there.
 * @throws SesameError ERR_USAGE
 */
export async function readToken(input: Input, { notify }: Program): Promise<string> {
  const [given] = input.positionals
  if (given === undefined) {
    throw new SesameError('ERR_USAGE', t('Missing argument TOKEN.'), {
      hint: t('Give - and send the token to the standard input.'),
    })
  }
  if (given === '-' && input.text('key-file') === '-') {
    throw new SesameError('ERR_USAGE', t('Key and token cannot both come by the standard input.'))
  }
  if (given !== '-') {
    notify(
      t(
        'Warning: other users of this machine can see the token in the arguments. Send it to the standard input, with - in its place.',
      ),
    )
  }
  const token = given === '-' ? (await readStandardInput(t('The token'))).trim() : given
  rememberSecret(token)
  return token
}

/** Opens the revocation list alone, without a key. */
export async function openRevocations(
  input: Input,
  program: Program,
  options: { create?: boolean } = {},
): Promise<RevocationList> {
  const { edges, session } = program
  const open = await revocationsOf(input, program, options)
  return open({ clock: edges.clock, log: session.log })
}

async function readKey(input: Input): Promise<KeyFile> {
  const path = input.text('key-file')
  if (path === undefined) {
    throw new SesameError('ERR_USAGE', t('The key is missing: name its file with --key-file.'), {
      hint: t('"sesame sst create-key --key-file key.yaml" makes one.'),
    })
  }
  if (path !== '-') return readKeyFile(path, { allowShared: input.has('force') })
  const text = await readStandardInput(t('The key'))
  rememberSecret(text)
  // As create-key prints it. In a key file a blank follows the colon, or it is JSON.
  if (!/\s/.test(text) && !text.startsWith('{"')) return { key: text, formerKeys: [] }
  return parseKeyFile(text, t('The key file on the standard input'))
}

/**
 * Where revocations are kept: `--db`, `--redis`, `SESAME_REDIS_URL`, else the usual database. `create`: make the list when there is
 * none. @throws SesameError ERR_USAGE, ERR_INSECURE_URL, ERR_TLS
 */
async function revocationsOf(
  input: Input,
  { edges }: Program,
  { create = false }: { create?: boolean } = {},
): Promise<OpenRevocations> {
  const file = input.text('db')
  const redis = input.text('redis')
  if (file !== undefined && redis !== undefined) {
    throw new SesameError('ERR_USAGE', t('--db and --redis exclude each other.'))
  }
  if (redis !== undefined && hasPassword(redis)) {
    throw new SesameError('ERR_USAGE', t('Do not pass a password as an argument: other users can read it.'), {
      hint: t('Put the Redis URL into the environment variable SESAME_REDIS_URL.'),
    })
  }
  const url = redis ?? (file === undefined ? edges.env.SESAME_REDIS_URL : undefined)
  if (!url) {
    return sqliteRevocations({
      ...(file === undefined ? {} : { file }),
      create,
      allowShared: input.has('force'),
    })
  }
  if (/^rediss:/i.test(url.trim())) refuseUncheckedTls(edges.env.NODE_TLS_REJECT_UNAUTHORIZED)
  const own = readOwnCertificates(edges.env.SESAME_CA_FILE)
  const ca = own && [...own, ...readExtraCertificates(edges.env.NODE_EXTRA_CA_CERTS)]
  return redisRevocations({ url, create, ...(ca === undefined ? {} : { ca }) })
}

function hasPassword(url: string): boolean {
  const parsed = parseUrl(url)
  return parsed === undefined ? url.includes('@') : parsed.password !== ''
}
