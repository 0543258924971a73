import { strict as assert } from 'node:assert'
import { handBrowser } from '../../support/handed-browser.ts'
import { startOnPty } from '../../support/pty.ts'
import { expire } from './refresh-steps.ts'
import { configure, type ProviderWorld } from './world.ts'

export async function deviceLogin({ signInByDevice }: ProviderWorld): Promise<void> {
  const { code, stderr } = await signInByDevice('main')
  assert.equal(code, 0, stderr)
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

/** Sign-in and renewal with another client of the same provider. */
export async function otherClient(world: ProviderWorld, which: 'special' | 'post'): Promise<void> {
  const { home, provider, signInByDevice } = world
  const client = provider.clients[which]
  if (client === undefined) throw new Error('this provider has no such client')
  await configure(world, which, client)
  const { code, stderr } = await signInByDevice(which)
  assert.equal(code, 0, stderr)
  expire(world)
  const renewed = await home.run(['token', 'get', '--profile', which])
  assert.equal(renewed.code, 0, renewed.stderr)
}

/** At a terminal, in Chromium, to the page that sesame shows at the end. */
export async function codeLogin(world: ProviderWorld): Promise<void> {
  const { home, provider, inPage } = world
  const { agree } = provider
  if (agree === undefined) throw new Error('no code flow')
  await configure(world, 'code', provider.clients.code ?? provider.clients.main)
  const handed = handBrowser(home.home)
  const running = startOnPty(['login', '--profile', 'code', '--flow', 'code', '--force'], {
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
  const { code, stderr } = await home.run(['token', 'get', '--profile', 'code'])
  assert.equal(code, 0, stderr)
}
