import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { firstLine } from '../support/first-line.ts'
import { type FourKinds, inFourKinds } from '../support/four-kinds.ts'
import { ageTokens, must } from '../support/oidc-world.ts'
import { inRoleWorld } from '../support/role-world.ts'
import { asSdk, printVariables, runProgram, sdkProgram } from '../support/sdk.ts'
import { sesameCommand } from '../support/sesame.ts'
import { startTmux } from '../support/tmux.ts'

const patience = 120_000
const node = process.execPath
const auditor = /:assumed-role\/auditor\//

/** The links of the SDK's chain before the one that is meant. */
const switches = { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true', ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' }

/** Asks the STS of the arguments who the environment's credentials belong to, with the official client. */
const callerIdentity = `
  const { default: Credential } = require('@alicloud/credentials')
  const { default: Sts } = require('@alicloud/sts20150401')
  const { $OpenApiUtil: { Config } } = require('@alicloud/openapi-core')
  const config = { credential: new Credential(), endpoint: process.argv[1], protocol: 'http' }
  new Sts(new Config(config)).getCallerIdentity().then(({ body }) => console.log(body.arn))`

const logIn = ({ home }: FourKinds) => must(home.prepare(['login', '--profile', 'auditor', '--no-browser']))

/** Programs run where the SDKs are found, with this HOME. */
const run = (world: FourKinds, command: string, words: readonly string[], env: Record<string, string> = {}) =>
  runProgram(command, words, { home: world.home } as Parameters<typeof runProgram>[2], env)

/** Saves what `configure --for` printed as a program. */
function saveScript({ home }: FourKinds, name: string, text: string): string {
  const bin = join(home.home, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, name), text)
  chmodSync(join(bin, name), 0o755)
  return join(bin, name)
}

describe.concurrent('official SDKs with a chain of roles on an OIDC provider', () => {
  test(
    '@alicloud/credentials by a credentials URI: what serve hands out, renewed over the whole chain',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home, sts } = world
      await logIn(world)
      ageTokens(world, 'credentials', 600_000)
      const server = home.start(['serve', '--profile', 'auditor'])
      try {
        const url = await firstLine(server)
        const { stdout } = await run(world, node, ['-e', sdkProgram], {
          ALIBABA_CLOUD_CREDENTIALS_URI: url,
          ...switches,
        })
        const now = await must(home.run(['credentials', '--profile', 'auditor']))
        expect(JSON.parse(stdout)).toEqual(asSdk(now, 'default/credential_uri'))
        expect(sts.identityOf(JSON.parse(now).access_key_id)?.arn).toMatch(auditor)
        expect(sts.answered()).toHaveLength(6)
      } finally {
        server.child.kill()
        await server.finished
      }
    }),
  )

  test(
    'configure --for aliyun: mode External gives the SDK the end of the chain, and renews it',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home } = world
      const first = await logIn(world)
      const done = await home.run(['configure', '--for', 'aliyun', '--profile', 'auditor'])
      expect(done, done.stderr).toMatchObject({ code: 0, stdout: '' })
      const seen = await run(world, node, ['-e', sdkProgram])
      expect(JSON.parse(seen.stdout)).toEqual(asSdk(first, 'default/cli_profile'))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      await must(home.run(['configure', '--for', 'aliyun', '--profile', 'auditor']))
      const again = await run(world, node, ['-e', sdkProgram])
      const now = await must(home.run(['credentials', '--profile', 'auditor']))
      expect(JSON.parse(again.stdout), again.stderr).toEqual(asSdk(now, 'default/cli_profile'))
      expect(now).not.toBe(first)
    }),
  )

  test(
    'configure --for sdk and terraform: their scripts work for roles; a profile without a role is reported as such',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home, sts } = world
      const login = JSON.parse(await logIn(world))
      const sdk = await must(home.run(['configure', '--for', 'sdk', '--profile', 'auditor']))
      const withSesame = saveScript(world, 'with-sesame.sh', sdk)
      const { stdout: arn, stderr } = await run(world, withSesame, [node, '-e', callerIdentity, sts.host])
      expect(arn, stderr).toMatch(auditor)
      const terraform = await must(home.run(['configure', '--for', 'terraform', '--profile', 'auditor']))
      saveScript(world, 'terraform', `#!/bin/sh\nexec ${node} -e '${printVariables}'\n`)
      const script = saveScript(world, 'terraform.sh', terraform)
      const PATH = `${join(home.home, 'bin')}:${process.env.PATH}`
      const { stdout: variables } = await run(world, script, ['plan'], { PATH })
      expect(JSON.parse(variables)).toMatchObject({
        ALICLOUD_ACCESS_KEY: login.access_key_id,
        ALICLOUD_SECURITY_TOKEN: login.sts_token,
      })
      for (const tool of ['sdk', 'terraform', 'aliyun']) {
        const { code, stdout, stderr } = await home.run(['configure', '--for', tool, '--profile', 'tokens'])
        expect({ code, stdout }, `${tool} ${stderr}`).toEqual({ code: 2, stdout: '' })
        expect(stderr).toContain('sesame token get --profile tokens')
      }
    }),
  )

  test(
    '@alicloud/sts20150401 with the printed credentials: STS answers with the chained role',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home, sts } = world
      const variables = await must(
        home.run(['login', '--profile', 'auditor', '--no-browser', '--format', 'dotenv']),
      )
      const env = Object.fromEntries(
        [...variables.matchAll(/^(\w+)=["']?(.*?)["']?$/gm)].map(([, name = '', value = '']) => [
          name,
          value,
        ]),
      )
      const { stdout, stderr } = await run(world, node, ['-e', callerIdentity, sts.host], env)
      expect(stdout, stderr).toMatch(auditor)
      const who = JSON.parse(await must(home.run(['whoami', '--profile', 'auditor'])))
      expect(stdout.trim()).toBe(who.Arn)
      const [program, ...script] = sesameCommand
      const child = await run(world, program, [
        ...[...script, 'exec', '--profile', 'deployer', '--'],
        ...[node, '-e', callerIdentity, sts.host],
      ])
      expect(child.stdout, child.stderr).toMatch(/:assumed-role\/deployer\//)
      expect(sts.violations).toEqual([])
    }),
  )
})

describe('the hook of a shell with a chain of roles', () => {
  test(
    'renews the whole chain in place at a prompt',
    { timeout: patience },
    inRoleWorld({ portal: { sessionSeconds: 4 } }, async ({ home, portal, sts }) => {
      await must(home.prepare(['login', '--profile', 'auditor', '--no-browser']))
      writeFileSync(join(home.home, 'rc'), `PS1='<$?>$ '\nunset HISTFILE\neval "$(sesame hook bash)"\n`)
      const terminal = await startTmux({ home: home.home, env: { SESAME_STORE: 'plaintext' } })
      try {
        const line = async (text: string) => {
          await terminal.clear()
          await terminal.enter(text)
          return terminal.shows(/\n<\d+>\$ ?$/)
        }
        await terminal.enter('exec bash --noprofile --rcfile ~/rc -i')
        await terminal.shows(/^<0>\$ ?$/m)
        await line('eval "$(sesame credentials --env)"')
        const show = async () =>
          (await line('echo "key=$ALIBABA_CLOUD_ACCESS_KEY_ID"')).match(/^key=(STS\S+)/m)?.[1]
        const first = await show()
        expect(sts.identityOf(first ?? '')?.arn).toMatch(auditor)
        await expect.poll(show, { timeout: 20_000, interval: 300 }).not.toBe(first)
        expect(sts.identityOf((await show()) ?? '')?.arn).toMatch(auditor)
        expect(portal.calls().filter((call) => call === 'POST /device-authorization')).toHaveLength(1)
      } finally {
        await terminal.stop()
      }
    }),
  )
})
