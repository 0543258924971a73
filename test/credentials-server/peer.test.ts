import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getAsOtherUser, needOtherUser } from '../support/other-user.ts'
import { servedSecrets, startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

describe('[case 105] processes of another user', () => {
  test('get 403 although they know the address; no credentials are obtained', async (context) => {
    needOtherUser(context)
    const { status, headers, body } = await getAsOtherUser(server.url)
    expect({ status, body: JSON.parse(body) }).toEqual({
      status: 403,
      body: { Code: 'Forbidden', Message: 'This server answers to processes of its own user only.' },
    })
    expect(headers).toMatchObject({ 'cache-control': 'no-store', connection: 'close' })
    expect(server.calls).toBe(0)
    expect((await server.get()).status).toBe(200)
  })

  test('learn nothing about the path: each gets the same answer', async (context) => {
    needOtherUser(context)
    const right = await getAsOtherUser(server.url)
    const wrong = await getAsOtherUser(`${new URL(server.url).origin}/nothing`)
    for (const answer of [right, wrong]) delete answer.headers.date
    expect(right).toEqual(wrong)
    expect(right.body).not.toMatch(servedSecrets)
  })
})
