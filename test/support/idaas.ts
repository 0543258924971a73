import { type Idaas, type IdaasOptions, startIdaas } from '../../mocks/index.ts'
import type { IdaasApplication } from '../../src/identity/index.ts'
import { recordSecrets } from './record.ts'

export interface TestIdaas extends Idaas {
  /** The application as a profile describes it. */
  application: IdaasApplication
  /** Calls so far: `retrieve`, `refresh`, or the path of anything else. */
  calls(): string[]
  /** Ends it and puts its secrets on the list of what no output may hold. */
  stop(): Promise<void>
}

/** An IDaaS instance with one application. */
export async function startTestIdaas(options: IdaasOptions = {}): Promise<TestIdaas> {
  const idaas = await startIdaas(options)
  const { applicationUuid, appKey, apiVersion } = idaas.settings
  const callOf = (path: string) =>
    Object.entries(idaas.paths).find(([, known]) => known === path)?.[0] ?? path
  // `idaas` has live getters: it is extended, not copied.
  return Object.assign(idaas, {
    application: { url: idaas.url, applicationUuid, appKey, apiVersion },
    calls: () => idaas.requests.map(({ path }) => callOf(path)),
    async stop() {
      recordSecrets(idaas.issued)
      await idaas.close()
    },
  })
}
