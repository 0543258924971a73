import { strict as assert } from 'node:assert'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { age, logIn } from '../../support/sdk.ts'
import type { Peer, Steps } from '../peer.ts'
import type { Client, ClientWorld, RunningClient, StepName, Way } from './client.ts'
import { assertOurs, inClientWorld, storedKeyId, succeeded } from './client-world.ts'

/** A client as a peer: every way takes the same steps. */
export function clientPeer({ ways, more = [], ...about }: Client): Peer {
  return {
    ...about,
    kind: 'client',
    async run(steps) {
      for (const way of ways) await runWay(way, steps)
      for (const [name, run] of more) await steps.step(name, run)
    },
  }
}

type Step = readonly [name: StepName, run: (way: Way, world: ClientWorld) => Promise<void>]

/** In one world, in this order: the last leaves no sign-in. */
const table: readonly Step[] = [
  ['signed call', signedCall],
  ['at expiry', atExpiry],
  ['50 at once', manyAtOnce],
  ['server slow', serverSlow],
  ['no secret on disk', noSecretOnDisk],
  ['sign-in over', signInOver],
]

/** Those of a program that runs on, each in a world of short-lived credentials. */
const runningTable: readonly (readonly [
  StepName,
  (world: ClientWorld, client: RunningClient) => Promise<void>,
])[] = [
  ['renews while it runs', renewsWhileItRuns],
  ['sign-in over while it runs', signInOverWhileItRuns],
]

async function runWay(way: Way, steps: Steps): Promise<void> {
  const take = async (step: StepName, run: () => Promise<void>) => {
    const name = `${way.name}: ${step}`
    const why = way.lacks?.[step]
    if (why !== undefined) steps.skip(name, why)
    else await steps.step(name, run)
  }
  await inClientWorld({}, async (world) => {
    await way.prepare?.(world)
    for (const [step, run] of table) {
      // What a step that failed has left behind is not the next one's.
      world.cloud.calls.splice(0)
      await take(step, () => run(way, world))
    }
  })
  for (const [step, run] of way.start === undefined ? [] : runningTable)
    await take(step, () => whileItRuns(way, run))
}

/** A client with credentials that live so shortly that it needs new ones while the step lasts. */
async function whileItRuns(
  way: Way,
  run: (world: ClientWorld, client: RunningClient) => Promise<void>,
): Promise<void> {
  await inClientWorld({ sessionSeconds: 8 }, async (world) => {
    await way.prepare?.(world)
    const client = way.start?.(world)
    if (client === undefined) throw new Error('nothing was started')
    let isOver = false
    try {
      await run(world, client)
      isOver = true
    } finally {
      // What went wrong first is the reason, not how the program ends after it.
      await client.end().catch((error: unknown) => {
        if (isOver) throw error
      })
    }
  })
}

async function signedCall(way: Way, world: ClientWorld): Promise<void> {
  const before = storedKeyId(world)
  succeeded(await way.call(world))
  assert.equal(storedKeyId(world), before)
  assertOurs(world)
}

async function atExpiry(way: Way, world: ClientWorld): Promise<void> {
  const before = storedKeyId(world)
  age(world, -1000)
  succeeded(await way.call(world))
  assert.notEqual(storedKeyId(world), before)
  assertOurs(world)
}

/**
 * However many ask, what has expired is obtained by one of them: no call is signed with other keys. (Requests are not counted, since
 * one is repeated when this process gets no turn for too long to answer it.)
 */
async function manyAtOnce(way: Way, world: ClientWorld): Promise<void> {
  const count = 50
  age(world, -1000)
  const all =
    way.atOnce === undefined
      ? await Promise.all(Array.from({ length: count }, () => way.call(world)))
      : [await way.atOnce(world, count)]
  for (const each of all) succeeded(each)
  assertOurs(world, count)
}

/** A portal that takes its time is waited for. */
async function serverSlow(way: Way, world: ClientWorld): Promise<void> {
  age(world, -1000)
  world.portal.fault('POST /cloud-credentials', { kind: 'late-answer', afterMs: 5200 })
  succeeded(await way.call(world))
  assertOurs(world)
}

/** Whatever the client did, no secret lies outside the store of sesame. */
async function noSecretOnDisk(_way: Way, { home, portal }: ClientWorld): Promise<void> {
  const files = readdirSync(home.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.includes(`${sep}plaintext-secrets${sep}`))
  const holding = files.filter((path) => {
    const text = readFileSync(path, 'utf8')
    return portal.issued.some(({ value }) => text.includes(value))
  })
  assert.deepEqual(
    holding.map((path) => relative(home.home, path)),
    [],
  )
}

/** No call with old keys, and words that say what to do. After a sign-in it works again. */
async function signInOver(way: Way, world: ClientWorld): Promise<void> {
  world.portal.revokeTokens()
  age(world, -1000)
  const { code, stdout, stderr } = await way.call(world)
  const expected = way.signInNeeded ?? { code: 3, says: /sesame login --profile dev/ }
  assert.equal(code, expected.code, `${stdout}${stderr}`)
  assert.match(`${stdout}${stderr}`, expected.says)
  assert.ok(!holdsSecret(world, `${stdout}${stderr}`), 'a secret was printed')
  assert.deepEqual(world.cloud.calls.splice(0), [])
  await logIn(world)
  succeeded(await way.call(world))
  assertOurs(world)
}

/** No call fails until it has new credentials. */
async function renewsWhileItRuns({ cloud }: ClientWorld, client: RunningClient): Promise<void> {
  const ids = new Set<string>()
  while (ids.size < 3) {
    assert.equal(await client.call(), 'ok')
    for (const { accessKeyId, isRight } of cloud.calls.splice(0)) {
      assert.ok(accessKeyId !== undefined && isRight)
      ids.add(accessKeyId)
    }
  }
}

/**
 * Its credentials are good until they expire; then it says what to do, and calls nothing with old keys. One call may have been signed
 * a moment before the end, and arrive after it.
 */
async function signInOverWhileItRuns(world: ClientWorld, client: RunningClient): Promise<void> {
  assert.equal(await client.call(), 'ok')
  world.portal.revokeTokens()
  let said = 'ok'
  while (said === 'ok' || said.includes('SecurityTokenExpired')) {
    world.cloud.calls.splice(0)
    said = await client.call()
  }
  assert.match(said, /sesame login --profile dev/)
  assert.ok(!holdsSecret(world, said), 'a secret was printed')
  assert.deepEqual(world.cloud.calls, [])
}

function holdsSecret({ portal }: ClientWorld, text: string): boolean {
  return portal.issued.some(({ value }) => text.includes(value))
}
