import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startOss } from '../../mocks/index.ts'
import { configureFor as configureAny, saveScript } from '../support/configure-for.ts'
import { spawnSync } from '../support/run-sync.ts'
import { age, asSdk, logIn, printVariables, runProgram, sdkProgram } from '../support/sdk.ts'
import { inWorld, type World } from '../support/world.ts'

const patience = 60_000
const node = process.execPath

/** For the profile `dev`. */
const configureFor = (world: World, words: readonly string[], code = 0, env = {}) =>
  configureAny(world, [...words, '--profile', 'dev'], code, env)

describe('[case 199] configure --for python, java and go', () => {
  test.each(['python', 'java'])('%s: a program that asks the credentials URI', (tool) =>
    inWorld({}, async (world) => {
      await logIn(world)
      const { stdout, stderr } = await configureFor(world, [tool])
      expect(stderr).toMatch(/^Renews: yes/m)
      const { script } = saveScript(world, stdout)
      age(world, -1)
      const { stdout: seen } = await runProgram(script, [node, '-e', sdkProgram], world)
      const { stdout: now } = await world.home.run(['credentials', '--profile', 'dev'])
      expect(JSON.parse(seen)).toEqual(asSdk(now, 'default/credential_uri'))
    })(),
  )

  test(
    '[case 229] go: keys, as the default chain fails where goroutines ask a URI at once',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = await logIn(world)
      const { stdout } = await configureFor(world, ['go'])
      expect(stdout).toContain('SetType("credentials_uri")')
      const { stdout: seen } = await runProgram(
        saveScript(world, stdout).script,
        [node, '-e', sdkProgram],
        world,
      )
      expect(JSON.parse(seen)).toEqual(asSdk(login, 'default/env'))
    }),
  )
})

/** What our variables are for a program that records how it was called. */
const fakeOssutil = (version: string) => `#!/bin/sh
if [ "$1" = --version ]; then echo 'ossutil version: ${version}'; exit 0; fi
for last do :; done
printf '%s ' "$#" "$1" "$2"
if [ -f "$last" ]; then ls -l "$last" | cut -c1-10; cat "$last"; echo "$last" >"$HOME/config-path"; fi
exec ${node} -e '${printVariables}'
`

describe('configure --for ossutil', () => {
  test(
    '[case 227] ossutil 1: a configuration for that run alone, without a key',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = JSON.parse(await logIn(world))
      const { stdout } = await configureFor(world, ['ossutil'])
      const { script, PATH } = saveScript(world, stdout, { ossutil: fakeOssutil('v1.7.19') })
      const env = { PATH, OSS_REGION: 'cn-hangzhou' }
      const { stdout: seen, code } = await runProgram(script, ['ls', "a b'c"], world, env)
      expect(code).toBe(0)
      expect(seen).toMatch(
        /^4 ls a b'c -rw-------\n\[Credentials\]\nlanguage=EN\nendpoint=oss-cn-hangzhou\.aliyuncs\.com\n\[AkService\]\necsAk=http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\n/,
      )
      for (const secret of [login.access_key_id, login.access_key_secret, login.sts_token])
        expect(seen).not.toContain(secret)
      const path = readFileSync(join(world.home.home, 'config-path'), 'utf8').trim()
      expect(existsSync(path)).toBe(false)
    }),
  )

  test(
    'ossutil 2: keys in its environment',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = JSON.parse(await logIn(world))
      const { stdout } = await configureFor(world, ['ossutil'])
      const { script, PATH } = saveScript(world, stdout, { ossutil: fakeOssutil('v2.1.0') })
      const { stdout: seen } = await runProgram(script, ['ls', 'x'], world, { PATH })
      expect(seen).toMatch(/^2 ls x \{/)
      expect(JSON.parse(seen.slice(7))).toMatchObject({ OSS_ACCESS_KEY_ID: login.access_key_id })
    }),
  )

  const real = ossutilOne()
  test.skipIf(real === undefined)(
    '[case 227] the real ossutil 1 (SESAME_PEERS or PATH): a signed request',
    { timeout: patience },
    inWorld({}, async (world) => {
      const { access_key_id, access_key_secret, sts_token } = JSON.parse(await logIn(world))
      const oss = await startOss({
        credentials: [
          { accessKeyId: access_key_id, accessKeySecret: access_key_secret, securityToken: sts_token },
        ],
      })
      onTestFinished(() => oss.close())
      const { stdout } = await configureFor(world, ['ossutil'])
      const { script, PATH } = saveScript(world, stdout, { ossutil: `#!/bin/sh\nexec '${real}' "$@"\n` })
      const env = { PATH, OSS_ENDPOINT: oss.url }
      const { stdout: seen, stderr, code } = await runProgram(script, ['ls'], world, env)
      expect({ code, refusals: oss.refusals }, seen + stderr).toEqual({ code: 0, refusals: [] })
      expect(seen).toContain('reports')
    }),
  )
})

function ossutilOne(): string | undefined {
  const directories = [process.env.SESAME_PEERS, ...(process.env.PATH ?? '').split(delimiter)]
  return directories
    .flatMap((directory) => (directory ? [join(directory, 'ossutil')] : []))
    .find(
      (path) =>
        existsSync(path) &&
        spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.includes('version: v1.'),
    )
}

test(
  '[case 199] configure --for serverless-devs: access data in the form that it looks for',
  { timeout: patience },
  inWorld({}, async (world) => {
    const login = JSON.parse(await logIn(world))
    const { stdout } = await configureFor(world, ['serverless-devs'])
    const fake = `#!/bin/sh\necho "$# $2"\nprintenv sesame_serverless_devs_key\n`
    const { script, PATH } = saveScript(world, stdout, { s: fake })
    const { stdout: seen } = await runProgram(script, ['deploy', 'a b'], world, { PATH })
    const [words, access = ''] = seen.split('\n')
    expect(words).toBe('2 a b')
    expect(JSON.parse(access)).toEqual({
      __default: 'true',
      AccountID: '1432949406168187',
      AccessKeyID: login.access_key_id,
      AccessKeySecret: login.access_key_secret,
      SecurityToken: login.sts_token,
    })
  }),
)

const python = ['python3', 'python'].find((name) => spawnSync(name, ['-c', 'import boto3']).status === 0)
const askBoto3 = `
import boto3, json
c = boto3.Session(profile_name='dev').get_credentials()
f = c.get_frozen_credentials()
print(json.dumps([c.method, f.access_key, f.secret_key, f.token]))`

describe('[case 199] configure --for boto3', () => {
  const configPath = ({ home }: World) => join(home.home, '.aws', 'config')
  function writeConfig(world: World, text: string): void {
    mkdirSync(join(world.home.home, '.aws'), { recursive: true, mode: 0o700 })
    writeFileSync(configPath(world), text, { mode: 0o644 })
  }

  test.skipIf(python === undefined)(
    'a real boto3 takes its credentials from the profile',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = JSON.parse(await logIn(world))
      const { stdout, stderr } = await configureFor(world, ['boto3'])
      expect(stdout).toBe('')
      expect(stderr).toContain(configPath(world))
      expect(statSync(configPath(world)).mode & 0o777).toBe(0o600)
      const { stdout: seen, stderr: said } = await runProgram(python ?? '', ['-c', askBoto3], world)
      const { access_key_id, access_key_secret, sts_token } = login
      expect(JSON.parse(seen), said).toEqual(['custom-process', access_key_id, access_key_secret, sts_token])
      // Again, nothing changes.
      const before = readFileSync(configPath(world), 'utf8')
      expect((await configureFor(world, ['boto3'])).stderr).toContain('is as it should be')
      expect(readFileSync(configPath(world), 'utf8')).toBe(before)
    }),
  )

  test(
    'a profile of the user stays without --overwrite; with it, its other settings and a copy do',
    { timeout: patience },
    inWorld({}, async (world) => {
      await logIn(world)
      const text =
        '# mine\n[default]\nregion = eu-west-1\n\n[profile dev]\nregion = oss-cn-hangzhou\naws_access_key_id = AKIA\naws_secret_access_key = x\ns3 =\n  addressing_style = virtual\n\n[profile other]\nrole_arn = arn:aws:iam::1:role/x\n'
      writeConfig(world, text)
      const refused = await configureFor(world, ['boto3'], 2)
      expect(refused.stderr).toContain('--overwrite')
      expect(readFileSync(configPath(world), 'utf8')).toBe(text)
      const { stdout } = await configureFor(world, ['boto3', '--print'])
      expect(stdout).toMatch(
        /^\[profile dev\]\ncredential_process = .*credentials --profile dev --format aws --quiet\n$/,
      )
      expect(readFileSync(configPath(world), 'utf8')).toBe(text)
      const { stderr } = await configureFor(world, ['boto3', '--overwrite'])
      expect(stderr).toContain('The former file:')
      const after = readFileSync(configPath(world), 'utf8')
      expect(after.replace(/^credential_process = .*\n/m, '')).toBe(text.replace(/^aws_.*\n/gm, ''))
      expect(after).toMatch(/^\[profile dev\]\ncredential_process = /m)
      const [former = ''] = readdirSync(join(world.home.home, '.aws')).filter((name) =>
        name.includes('.bak-'),
      )
      expect(readFileSync(join(world.home.home, '.aws', former), 'utf8')).toBe(text)
      expect(statSync(join(world.home.home, '.aws', former)).mode & 0o777).toBe(0o600)
    }),
  )

  test(
    'AWS_CONFIG_FILE names another file, also below ~',
    { timeout: patience },
    inWorld({}, async (world) => {
      await logIn(world)
      mkdirSync(join(world.home.home, 'elsewhere'), { mode: 0o700 })
      await configureFor(world, ['boto3'], 0, { AWS_CONFIG_FILE: '~/elsewhere/aws' })
      expect(readFileSync(join(world.home.home, 'elsewhere', 'aws'), 'utf8')).toContain(
        'credential_process = ',
      )
      expect(existsSync(configPath(world))).toBe(false)
    }),
  )

  test(
    'keys that the SDK asks before are named; options of other tools are refused',
    { timeout: patience },
    inWorld({}, async (world) => {
      await logIn(world)
      writeConfig(world, '[profile dev]\r\nregion = x\r\n')
      writeFileSync(join(world.home.home, '.aws', 'credentials'), '[dev]\naws_access_key_id = AKIA\n')
      const { stderr } = await configureFor(world, ['boto3'], 0, { AWS_ACCESS_KEY_ID: 'AKIA' })
      expect(stderr).toMatch(/^Warning: .*credentials has keys for profile dev/m)
      expect(stderr).toMatch(/^Warning: AWS_ACCESS_KEY_ID is set here/m)
      expect(readFileSync(configPath(world), 'utf8')).toMatch(
        /^\[profile dev\]\r\ncredential_process = [^\r\n]+\r\nregion = x\r\n$/,
      )
      for (const words of [['boto3', '--region', 'cn-beijing'], ['python', '--overwrite'], ['nodejs']])
        await configureFor(world, words, 2)
    }),
  )
})
