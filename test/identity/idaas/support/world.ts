import { onTestFinished } from 'vitest'
import type { IdaasOptions } from '../../../../mocks/index.ts'
import { createFetch } from '../../../../src/http/index.ts'
import { type IdaasContext, retrieveIdToken } from '../../../../src/identity/index.ts'
import { systemClock } from '../../../../src/kit/clock.ts'
import { isSesameError, type SesameError } from '../../../../src/kit/errors.ts'
import { Secret } from '../../../../src/kit/secret.ts'
import { type FakeClock, fakeClock } from '../../../support/fake-clock.ts'
import { startTestIdaas, type TestIdaas } from '../../../support/idaas.ts'

export interface IdaasWorld {
  idaas: TestIdaas
  context: IdaasContext & { clock: FakeClock }
  /** The application's secret as it is now. */
  appSecret(): Secret
  /** Everything that was logged. */
  logged: string[]
}

/** A server with one application, our fetch, and a clock in which waits cost nothing; all gone with the test. */
export async function openIdaas(options: IdaasOptions = {}): Promise<IdaasWorld> {
  const idaas = await startTestIdaas(options)
  const logged: string[] = []
  const log = (namespace: string, line: string) => logged.push(`${namespace} ${line}`)
  const fetch = createFetch({ version: '1.2.3', proxy: {}, log, clock: systemClock })
  onTestFinished(async () => {
    await fetch.close()
    await idaas.stop()
  })
  const clock = fakeClock(new Date())
  const { signal } = new AbortController()
  return {
    idaas,
    context: { fetch, clock, log, random: () => 0, signal },
    appSecret: () => new Secret(idaas.settings.appSecret),
    logged,
  }
}

/** What the application gets for its secret. */
export function retrieve({ idaas, context, appSecret }: IdaasWorld) {
  return retrieveIdToken(idaas.application, appSecret(), context)
}

/** The refresh token that comes with that. */
export async function refreshTokenOf(world: IdaasWorld): Promise<Secret> {
  const { refreshToken } = await retrieve(world)
  if (refreshToken === undefined) throw new Error('the server gave no refresh token')
  return refreshToken.token
}

/** The error of ours that a promise rejects with. */
export async function refusalOf(promise: Promise<unknown>): Promise<SesameError> {
  const outcome = await promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  )
  if (!isSesameError(outcome)) throw outcome
  return outcome
}
