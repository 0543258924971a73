import type { Program } from '../../../compose/index.ts'
import { readExtraCertificates, readOwnCertificates, refuseUncheckedTls } from '../../../http/index.ts'
import { parseUrl, SesameError, t } from '../../../kit/index.ts'
import { type OpenRevocations, redisRevocations, sqliteRevocations } from '../../../sst/index.ts'
import type { Input } from '../../command.ts'

/**
 * Where revocations are kept: `--db`, `--redis`, `SESAME_REDIS_URL`, else the usual database. `create`: make the list when there is
 * none. @throws SesameError ERR_USAGE, ERR_INSECURE_URL, ERR_TLS
 */
export async function revocationsOf(
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
