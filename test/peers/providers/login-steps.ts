import { strict as assert } from 'node:assert'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { handBrowser } from '../../support/handed-browser.ts'
import { startOnPty } from '../../support/pty.ts'
import { expire } from './refresh-steps.ts'
import { configure, type ProviderWorld } from './world.ts'

/** Where the provider gives no ID token in this grant, the login says so and names the flow that brings one. */
export async function deviceLogin({ home, provider, signInByDevice }: ProviderWorld): Promise<void> {
  const { code, stderr } = await signInByDevice('main')
  assert.equal(code, 0, stderr)
  if (!provider.idTokensByCodeOnly) return
  assert.match(stderr, /--flow code/)
  const wanted = await home.run(['token', 'get', '--id', '--profile', 'main'])
  assert.deepEqual({ code: wanted.code, stdout: wanted.stdout }, { code: 2, stdout: '' }, wanted.stderr)
  assert.match(wanted.stderr, /--flow code/)
}

export async function denied({ provider, signInByDevice }: ProviderWorld): Promise<void> {
  if (provider.deny === undefined) throw new Error('nothing to deny on its pages')
  const { code, stdout, stderr } = await signInByDevice('main', 'deny')
  assert.deepEqual({ code, stdout }, { code: 4, stdout: '' }, stderr)
}

/** The client id is named: it is what the user has to correct. */
export async function unknownClient(world: ProviderWorld): Promise<void> {
  await configure(world, 'unknown', { clientId: 'no-such-client' })
  const words = ['login', '--profile', 'unknown', '--flow', 'device', '--no-browser']
  const { code, stdout, stderr } = await world.home.run(words)
  assert.deepEqual({ code, stdout }, { code: 1, stdout: '' }, stderr)
  assert.match(stderr, /client id no-such-client /)
}

/** However the provider says it, what is to be looked at is the client's id and secret. */
export async function wrongSecret(world: ProviderWorld): Promise<void> {
  const { main, special = main, post } = world.provider.clients
  const client = [special, post].find((each) => each?.clientSecret !== undefined)
  if (client === undefined) throw new Error('this provider has no client with a secret')
  await configure(world, 'wrong', { ...client, clientSecret: 'not-its-secret' })
  const words = ['login', '--profile', 'wrong', '--flow', 'device', '--no-browser']
  const { code, stdout, stderr } = await world.home.run(words)
  assert.deepEqual({ code, stdout }, { code: 1, stdout: '' }, stderr)
  assert.match(stderr, new RegExp(`client id ${client.clientId} and its secret`))
}

/** Sign-in and renewal with another client of the same provider. */
export async function otherClient(world: ProviderWorld, which: 'special' | 'post'): Promise<void> {
  const { home, provider, signInByDevice } = world
  const client = provider.clients[which]
  if (client === undefined) throw new Error('this provider has no such client')
  await configure(world, which, client)
  if (client.flow === 'code') await signInByCode(world, which)
  else {
    const { code, stderr } = await signInByDevice(which)
    assert.equal(code, 0, stderr)
  }
  expire(world)
  const renewed = await home.run(['token', 'get', '--profile', which])
  assert.equal(renewed.code, 0, renewed.stderr)
}

export async function codeLogin(world: ProviderWorld): Promise<void> {
  const { home, provider } = world
  await configure(world, 'code', provider.clients.code ?? provider.clients.main)
  await signInByCode(world, 'code')
  const { code, stderr } = await home.run(['token', 'get', '--profile', 'code'])
  assert.equal(code, 0, stderr)
}

/** At a terminal, in Chromium, to the page that sesame shows at the end. */
export async function signInByCode(
  { home, provider, inPage }: ProviderWorld,
  profile: string,
): Promise<void> {
  const { agree } = provider
  if (agree === undefined) throw new Error('no code flow')
  // A directory for each sign-in, as the browser's notes of the one before would be taken for this one's.
  const handed = handBrowser(mkdtempSync(join(home.home, 'browser-')))
  const running = startOnPty(['login', '--profile', profile, '--flow', 'code', '--force'], {
    home: home.home,
    env: { SESAME_STORE: 'plaintext', ...handed.env },
  })
  try {
    await inPage(async (page) => {
      await page.goto(await handed.address())
      await agree(page)
      await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    })
    const { code, seen } = await running.finished
    assert.equal(code, 0, seen)
  } finally {
    running.child.kill()
  }
}
