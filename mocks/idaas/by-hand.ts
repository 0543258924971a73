import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Idaas, startIdaas } from '../idaas.ts'
import { makeServerTls } from '../tls.ts'
import type { IdaasOptions } from './options.ts'

/** Starts an IDaaS instance for a person, says how to use it, and ends it with Ctrl-C. */
export async function serveIdaas({ port, tls: secure }: { port: number; tls: boolean }): Promise<void> {
  const settings: IdaasOptions = { port, refresh: 'rotating' }
  const tls = secure ? makeServerTls() : undefined
  if (tls !== undefined) settings.tls = { key: tls.key, cert: tls.cert }
  const idaas = await startIdaas(settings, {
    // Method, path and status only: bodies hold secrets.
    onAnswered: ({ method, path, status }) =>
      process.stderr.write(`${method} ${path} ${status ?? 'no answer'}\n`),
  })
  const folder = await mkdtemp(join(tmpdir(), 'mock-idaas-'))
  const keyFile = join(folder, 'public-key.json')
  await writeFile(keyFile, `${idaas.publicKey.jwk}\n`)
  const caFile = tls && join(folder, 'ca.pem')
  if (tls && caFile) await writeFile(caFile, tls.ca)

  const stop = async (): Promise<void> => {
    await idaas.close()
    await rm(folder, { recursive: true })
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  // Last: who has read it may end the server.
  process.stdout.write(instructions(idaas, keyFile, caFile))
}

function instructions({ url, settings }: Idaas, keyFile: string, caFile: string | undefined): string {
  const { applicationUuid, appKey, appSecret } = settings
  const trust = caFile === undefined ? '' : `\n  export NODE_EXTRA_CA_CERTS='${caFile}'`
  return `Mock IDaaS with one application
  base URL          ${url}
  application uuid  ${applicationUuid}
  app key           ${appKey}
  app secret        ${appSecret}
  public key        ${keyFile}

Try:${trust}
  printf %s ${appSecret} | sesame configure --profile api --idaas-url ${url} --application-uuid ${applicationUuid} --app-key ${appKey} --app-secret-stdin
  sesame token get --profile api | sesame token verify --public-key ${keyFile} --issuer ${url} --audience ${applicationUuid}

Ctrl-C ends it.
`
}
