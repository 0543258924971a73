import { join } from 'node:path'
import { expect, test } from 'vitest'
import { must } from '../support/oidc-world.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { namesIn } from '../support/test-home.ts'
import { inWorld } from '../support/world.ts'

runCommandsHere()

const passphrase = { SESAME_STORE: '', SESAME_PASSPHRASE: 'a passphrase of the test' }

test(
  '[case 129] "configure --store" moves the files of one store into the other, and back; doctor and logout see both',
  { timeout: 60_000 },
  inWorld({}, async ({ home, portal }) => {
    const encrypted = () =>
      namesIn(join(home.state, 'secrets')).filter((name) => !name.startsWith('.') && name.endsWith('.json'))
    const options = { env: passphrase }
    const first = await must(home.run(['login']))
    const requests = portal.requests.length
    await must(home.run(['configure', '--store', 'encrypted-file'], options))
    expect([home.items().length, encrypted().length]).toEqual([0, 2])
    expect(await must(home.run(['credentials'], options))).toBe(first)
    await must(home.run(['configure', '--store', 'plaintext'], options))
    expect([home.items().length, encrypted().length]).toEqual([2, 0])
    expect(await must(home.run(['credentials'], options))).toBe(first)
    expect(portal.requests).toHaveLength(requests)

    // Without the passphrase what is encrypted cannot be taken along: it stays, which is said, and is named.
    await must(home.run(['configure', '--store', 'encrypted-file'], options))
    const left = await home.run(['configure', '--store', 'plaintext'], { env: { SESAME_STORE: '' } })
    expect(left.code, left.stderr).toBe(0)
    expect(left.stderr).toContain('What the store encrypted-file holds of profile default stays there:')
    const { stdout } = await home.run(['doctor', '--offline'], { env: { SESAME_STORE: '' } })
    expect(stdout).toContain(
      'the store encrypted-file still holds secrets of profile default, kept elsewhere now',
    )
    await must(home.run(['logout', '--all'], { env: { SESAME_STORE: '' } }))
    expect([home.items().length, encrypted().length]).toEqual([0, 0])
  }),
)
