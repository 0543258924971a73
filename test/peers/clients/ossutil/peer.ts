import { strict as assert } from 'node:assert'
import { execFileSync } from 'node:child_process'
import { firstLine } from '../../../support/first-line.ts'
import { age } from '../../../support/sdk.ts'
import { findProgram } from '../../find-program.ts'
import type { ClientWorld, Way } from '../client.ts'
import { assertOurs, inClientWorld, runWords, succeeded, underExec } from '../client-world.ts'
import { clientPeer } from '../steps.ts'

const program = () => findProgram('ossutil') ?? 'ossutil'

/** ossutil 1 has no variables: a configuration for one run names the address, in a directory that only the user can read. */
const withUri = `set -eu
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
printf '[Credentials]\\nlanguage=EN\\nendpoint=%s\\n[AkService]\\necsAk=%s\\n' \\
  "$ENDPOINT" "$ALIBABA_CLOUD_CREDENTIALS_URI" > "$directory/ossutil.conf"
"$OSSUTIL" "$@" -c "$directory/ossutil.conf"`

const list = (more: readonly string[]) => ['sh', '-c', withUri, 'sh', 'ls', ...more]

function environment({ cloud }: ClientWorld): Record<string, string> {
  return { ENDPOINT: `http://${cloud.host}`, OSSUTIL: program() }
}

function call(world: ClientWorld, more: readonly string[] = []) {
  return runWords(world, underExec(['--server'], list(more)), environment(world))
}

const ways: readonly Way[] = [{ name: 'credentials URI', call }]

/** What the address hands out is right for both signatures. */
async function signatureV4(): Promise<void> {
  await inClientWorld({}, async (world) => {
    succeeded(await call(world, ['--sign-version', 'v4', '--region', 'cn-hangzhou']))
    assertOurs(world)
  })
}

/** A server that goes on when the sign-in is over gives no old keys. */
async function serveAfterSignIn(): Promise<void> {
  await inClientWorld({}, async (world) => {
    const server = world.home.start(['serve', '--profile', 'dev'])
    try {
      const env = { ...environment(world), ALIBABA_CLOUD_CREDENTIALS_URI: await firstLine(server) }
      succeeded(await runWords(world, list([]), env))
      assertOurs(world)
    } finally {
      server.child.kill()
      await server.finished
    }
    world.portal.revokeTokens()
    age(world, -1000)
    const { code, stderr } = await world.home.run(['serve', '--profile', 'dev'])
    assert.equal(code, 3, stderr)
  })
}

/** ossutil 1, which people still have: a binary without variables, but with the address of credentials. */
export const ossutil = clientPeer({
  name: 'ossutil',
  quick: true,
  missing: async () =>
    findProgram('ossutil') === undefined
      ? {
          reason: 'ossutil is not in PATH',
          install:
            'get release 1.7.19 of github.com/aliyun/ossutil and put it into PATH, or name its folder in SESAME_PEERS',
        }
      : undefined,
  version: async () => /v([\d.]+)/.exec(execFileSync(program(), ['-v'], { encoding: 'utf8' }))?.[1] ?? '',
  ways,
  more: [
    ['signature V4', signatureV4],
    ['credentials URI of serve', serveAfterSignIn],
  ],
})
