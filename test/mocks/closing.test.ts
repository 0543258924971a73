import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startOidcProvider } from '../../mocks/index.ts'

const form = (members: Record<string, string>, signal?: AbortSignal) => ({
  method: 'POST',
  body: new URLSearchParams(members),
  ...(signal && { signal }),
})

let strays: unknown[]
const note = (error: unknown) => strays.push(error)
beforeEach(() => {
  strays = []
  process.on('unhandledRejection', note)
  process.on('uncaughtException', note)
})
afterEach(() => {
  process.off('unhandledRejection', note)
  process.off('uncaughtException', note)
})

test.each([0, 5, 10, 20, 40])(
  'a client that is gone, and a provider that is closed, %i ms into a poll: no error is left',
  async (ms) => {
    const provider = await startOidcProvider({ intervalSeconds: 0, approve: 'auto', devicePkce: 'ignored' })
    const asked = await fetch(
      `${provider.url}/device/auth`,
      form({ client_id: 'sesame-cli', scope: 'openid' }),
    )
    const { device_code } = (await asked.json()) as { device_code: string }
    const gone = new AbortController()
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    const poll = fetch(
      `${provider.url}/token`,
      form({ client_id: 'sesame-cli', grant_type, device_code }, gone.signal),
    )
    // The person of the options walks through the pages meanwhile: a dozen requests of the provider to itself.
    await sleep(ms)
    gone.abort()
    await poll.catch((error: Error) => expect(error.name).toBe('AbortError'))
    await provider.close()
    await sleep(20)
    expect(strays).toEqual([])
  },
)
