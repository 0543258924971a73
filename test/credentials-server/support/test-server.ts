import {
  type ObtainedCredentials,
  type Provide,
  type ProvidedCredentials,
  startCredentialsServer,
} from '../../../src/credentials-server/index.ts'
import { formatInstant } from '../../../src/kit/credentials.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts'

export const hourMs = 3_600_000

/** A fake clock on which a deadline never comes by itself: a test moves the time. */
export function patientClock(start?: Date): FakeClock {
  return {
    ...fakeClock(start),
    sleep: (_ms, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
      }),
  }
}

/** Credentials that are valid from now on for so long; `number` distinguishes one set from another. */
export function freshCredentials(
  clock: FakeClock,
  { lifeMs = hourMs, number = 1 } = {},
): ObtainedCredentials {
  const expiresAt = new Date(clock.now().getTime() + lifeMs)
  return {
    kind: 'credentials',
    credentials: {
      accessKeyId: `STS.ServedSampleId${number}`,
      accessKeySecret: new Secret(`servedSampleSecret${number}`),
      securityToken: new Secret(`servedSampleToken${number}`),
      expiresAt,
    },
    lifeMs,
    remainingMs: () => expiresAt.getTime() - clock.now().getTime(),
  }
}

/** What the server must say for `freshCredentials` of that number that expire then. */
export function servedBody(number: number, expiresAt: Date) {
  return {
    Code: 'Success',
    AccessKeyId: `STS.ServedSampleId${number}`,
    AccessKeySecret: `servedSampleSecret${number}`,
    SecurityToken: `servedSampleToken${number}`,
    Expiration: formatInstant(expiresAt),
  }
}

/** Any part of any sample credentials. */
export const servedSecrets = /servedSample|ServedSampleId/

export interface TestServer {
  url: string
  port: number
  /** The secret path, with its slash. */
  path: string
  clock: FakeClock
  /** How often credentials were asked for. */
  readonly calls: number
  readonly logged: string[]
  get(): Promise<{ status: number; body: Record<string, string> }>
  close(): Promise<void>
}

/** A server whose provider hands out new credentials at each call, or does what the test says. */
export async function startTestServer({
  clock = patientClock(),
  provide = async (call) => freshCredentials(clock, { number: call }),
  initial,
  port = 0,
}: {
  clock?: FakeClock
  provide?: (call: number, meanwhile?: Parameters<Provide>[0]) => Promise<ProvidedCredentials>
  initial?: ObtainedCredentials | undefined
  port?: number
} = {}): Promise<TestServer> {
  let calls = 0
  const logged: string[] = []
  const server = await startCredentialsServer({
    provide: (meanwhile) => provide(++calls, meanwhile),
    initial,
    clock,
    log: (_namespace, line) => logged.push(line),
    port,
  })
  return {
    ...server,
    port: Number(new URL(server.url).port),
    path: new URL(server.url).pathname,
    clock,
    logged,
    get calls() {
      return calls
    },
    async get() {
      const response = await fetch(server.url)
      return { status: response.status, body: (await response.json()) as Record<string, string> }
    },
  }
}
