import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readOssSignature, startHttpServer } from '../../mocks/index.ts'
import { configureFor, saveScript } from '../support/configure-for.ts'
import { age, asSdk, logIn, printVariables, runProgram, sdkProgram } from '../support/sdk.ts'
import { isStandalone, sesameCommand, sesamePath } from '../support/sesame.ts'
import { inWorld, type World } from '../support/world.ts'

const patience = 60_000

const configPath = ({ home }: World) => join(home.home, '.aliyun', 'config.json')
const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const backups = (world: World) =>
  readdirSync(dirname(configPath(world))).filter((name) => name.startsWith('config.json.bak-'))

function writeConfig(world: World, text: string): void {
  mkdirSync(dirname(configPath(world)), { recursive: true })
  writeFileSync(configPath(world), text, { mode: 0o600 })
}

describe('configure --for aliyun', () => {
  test(
    'the profile is used by the official SDK as it stands; renewal, and what the SDK leaves behind',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = await logIn(world)
      const { stdout, stderr } = await configureFor(world, ['aliyun', '--profile', 'dev'])
      expect(stdout).toBe('')
      expect(stderr).toContain(configPath(world))
      expect(stderr).toMatch(/^Renews: yes/m)
      expect(stderr).toMatch(/^Warning: SDKs and Terraform .* in plain text\.$/m)
      expect(statSync(configPath(world)).mode & 0o777).toBe(0o600)
      const first = await runProgram(process.execPath, ['-e', sdkProgram], world)
      expect(JSON.parse(first.stdout)).toEqual(asSdk(login, 'default/cli_profile'))
      age(world, -1)
      const second = JSON.parse((await runProgram(process.execPath, ['-e', sdkProgram], world)).stdout)
      expect(second.accessKeyId).toMatch(/^STS\./)
      expect(second.accessKeyId).not.toBe(JSON.parse(first.stdout).accessKeyId)
      // The trap that the warning is about; doing it again clears it away.
      expect(readJson(configPath(world)).profiles[0].access_key_secret).toBe(second.accessKeySecret)
      const again = await configureFor(world, ['aliyun', '--profile', 'dev'])
      expect(again.stderr).toContain('Secrets in that profile were removed.')
      // [case 218] Only our own profile changed: there is nothing to keep a copy of.
      expect(again.stderr).not.toContain('The former file')
      expect(readFileSync(configPath(world), 'utf8')).not.toContain(second.accessKeySecret)
      expect((await configureFor(world, ['aliyun', '--profile', 'dev'])).stderr).toContain('as it should be')
      expect(backups(world)).toEqual([])
    }),
  )

  test(
    '--print prints the profile and writes nothing; pasted into a file it works',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = await logIn(world)
      const { stdout } = await configureFor(world, [
        'aliyun',
        '--profile',
        'dev',
        '--print',
        '--region',
        'cn-beijing',
      ])
      expect(readdirSync(world.home.home)).not.toContain('.aliyun')
      expect(JSON.parse(stdout)).toMatchObject({ name: 'dev', mode: 'External', region_id: 'cn-beijing' })
      writeConfig(world, `{"current":"dev","profiles":[${stdout}]}`)
      const { stdout: seen } = await runProgram(process.execPath, ['-e', sdkProgram], world)
      expect(JSON.parse(seen)).toEqual(asSdk(login, 'default/cli_profile'))
    }),
  )

  test(
    'names itself plainly where it is on the PATH, blanks in the profile name and all',
    { timeout: patience },
    inWorld({}, async (world) => {
      await world.home.prepare(['login', '--profile', 'team a'])
      const installed = join(world.home.home, 'lib')
      const [first] = sesameCommand
      cpSync(isStandalone ? dirname(first) : dirname(sesamePath), installed, { recursive: true })
      const program = join(installed, isStandalone ? basename(first) : 'sesame.cjs')
      chmodSync(program, 0o755)
      const bin = join(world.home.home, 'bin')
      mkdirSync(bin)
      symlinkSync(program, join(bin, 'sesame'))
      const PATH = [bin, process.env.PATH].join(delimiter)
      const words = ['configure', '--for', 'aliyun', '--profile', 'team a']
      expect(await runProgram('sesame', words, world, { PATH })).toMatchObject({ code: 0 })
      expect(readJson(configPath(world)).profiles[0].process_command).toBe(
        "sesame credentials --profile 'team a' --format json --quiet",
      )
      const { stdout } = await runProgram(process.execPath, ['-e', sdkProgram], world, { PATH })
      expect(JSON.parse(stdout)).toMatchObject({ providerName: 'default/cli_profile' })
    }),
  )

  const foreign = `{ "current":"work", "n": 12345678901234567890,
    "profiles": [ {"name":"work","mode":"AK","access_key_id":"LTAI","access_key_secret":"sk-of-work","region_id":"r"},
      {"name":"dev","mode":"CloudSSO","region_id":"cn-shanghai","x":{"y":1.50}} ], "meta_path":"" }`

  test(
    'a profile of another kind stays until --overwrite; all else stays to the byte, and a copy is kept',
    inWorld({}, async (world) => {
      writeConfig(world, foreign)
      const refused = await configureFor(world, ['aliyun', '--profile', 'dev'], 2)
      expect(refused.stderr).toContain('has a profile dev of its own (mode CloudSSO)')
      expect(refused.stderr).toContain('--overwrite')
      expect(readFileSync(configPath(world), 'utf8')).toBe(foreign)
      expect(backups(world)).toEqual([])

      const { stderr } = await configureFor(world, ['aliyun', '--profile', 'dev', '--overwrite'])
      expect(stderr).toContain('that copy holds secrets in plain text')
      const [backup = ''] = backups(world)
      const kept = join(dirname(configPath(world)), backup)
      expect(readFileSync(kept, 'utf8')).toBe(foreign)
      expect(statSync(kept).mode & 0o777).toBe(0o600)
      const text = readFileSync(configPath(world), 'utf8')
      const start = foreign.indexOf('{"name":"dev"')
      expect(text.slice(0, start)).toBe(foreign.slice(0, start))
      expect(text.endsWith(' ], "meta_path":"" }')).toBe(true)
      expect(JSON.parse(text).profiles[1]).toMatchObject({
        name: 'dev',
        mode: 'External',
        region_id: 'cn-shanghai',
        x: { y: 1.5 },
      })
    }),
  )

  test(
    'a linked configuration is changed where it really is',
    inWorld({}, async (world) => {
      const dotfiles = join(world.home.home, 'dotfiles')
      mkdirSync(dotfiles)
      writeFileSync(join(dotfiles, 'aliyun.json'), foreign, { mode: 0o600 })
      mkdirSync(dirname(configPath(world)))
      symlinkSync(join(dotfiles, 'aliyun.json'), configPath(world))
      await configureFor(world, ['aliyun', '--profile', 'new'])
      expect(lstatSync(configPath(world)).isSymbolicLink()).toBe(true)
      expect(readJson(join(dotfiles, 'aliyun.json')).profiles).toHaveLength(3)
      expect(readdirSync(dotfiles)).toEqual(['aliyun.json'])
    }),
  )

  test.each([
    ['not JSON', '{"profiles":[{"access_key_secret":"sk-broken"', 2],
    ['no list', '{"profiles":{"access_key_secret":"sk-broken"}}', 2],
  ])('a file that cannot be understood stays (%s), and is not quoted', (_what, text, code) =>
    inWorld({}, async (world) => {
      writeConfig(world, text)
      const { stderr } = await configureFor(world, ['aliyun', '--profile', 'dev'], code)
      expect(stderr).not.toContain('sk-broken')
      expect(readFileSync(configPath(world), 'utf8')).toBe(text)
      expect(backups(world)).toEqual([])
    })(),
  )

  test.each([
    [['aliyun', '--region', 'a b']],
    [['sdk', '--region', 'cn-hangzhou']],
    [['terraform', '--overwrite']],
    [['aliyun', '--signin-url', 'https://a.example.com/x/login']],
    [['nothing']],
  ])('%j is wrong usage', (words) =>
    inWorld({}, async (world) => {
      await configureFor(world, words, 2)
      expect(readdirSync(world.home.home)).not.toContain('.aliyun')
    })(),
  )
})

describe('configure --for sdk', () => {
  test(
    'the script runs a program whose SDK renews',
    { timeout: patience },
    inWorld({}, async (world) => {
      await logIn(world)
      const { stdout, stderr } = await configureFor(world, ['sdk', '--profile', 'dev', '--print'])
      expect(stderr).toMatch(/^Renews: yes/m)
      expect(stderr).toMatch(/^On disk: nothing/m)
      const { script } = saveScript(world, stdout)
      age(world, -1)
      const { stdout: seen } = await runProgram(script, [process.execPath, '-e', sdkProgram], world)
      const { stdout: now } = await world.home.run(['credentials', '--profile', 'dev'])
      expect(JSON.parse(seen)).toEqual(asSdk(now, 'default/credential_uri'))
      const variables = await runProgram(script, [process.execPath, '-e', printVariables], world)
      expect(Object.keys(JSON.parse(variables.stdout))).toEqual([
        'SESAME_PROFILE',
        'ALIBABA_CLOUD_CREDENTIALS_URI',
      ])
    }),
  )
})

describe('exec --server', () => {
  test(
    '[case 190] the official SDK takes the credentials URI, whatever key lies in the file of the SDKs',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = await logIn(world)
      mkdirSync(join(world.home.home, '.alibabacloud'))
      const ini = '[default]\ntype = access_key\naccess_key_id = LTAIini\naccess_key_secret = x\n'
      writeFileSync(join(world.home.home, '.alibabacloud', 'credentials'), ini)
      const [program, ...script] = sesameCommand
      const words = [
        ...script,
        'exec',
        '--server',
        '--profile',
        'dev',
        '--',
        process.execPath,
        '-e',
        sdkProgram,
      ]
      // [case 192] A proxy that would fail, and that the SDK must not hear of.
      const proxies = { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' }
      const { stdout, stderr } = await runProgram(program, words, world, proxies)
      expect(JSON.parse(stdout)).toEqual(asSdk(login, 'default/credential_uri'))
      expect(stderr).toMatch(/^Not passed on: HTTP_PROXY and http_proxy/)
    }),
  )
})

describe('configure --for terraform', () => {
  test(
    'the script gives Terraform all of its words and the variables that provider and backend read',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = JSON.parse(await logIn(world))
      const { stdout, stderr } = await configureFor(world, ['terraform', '--profile', 'dev'])
      expect(stderr).toMatch(/^Renews: at each start/m)
      const fake = `#!/bin/sh\necho "$# $2"\nexec ${process.execPath} -e '${printVariables}'\n`
      const { script, PATH } = saveScript(world, stdout, { terraform: fake })
      const { stdout: seen } = await runProgram(script, ['plan', 'a b'], world, { PATH })
      const [words, variables = ''] = seen.split('\n')
      expect(words).toBe('2 a b')
      expect(JSON.parse(variables)).toMatchObject({
        ALICLOUD_ACCESS_KEY: login.access_key_id,
        ALICLOUD_SECRET_KEY: login.access_key_secret,
        ALICLOUD_SECURITY_TOKEN: login.sts_token,
        ALIBABA_CLOUD_ACCESS_KEY_ID: login.access_key_id,
      })
    }),
  )
})

describe('configure --for ossutil', () => {
  test(
    'the script gives ossutil the variables that it reads',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = JSON.parse(await logIn(world))
      const { stdout } = await configureFor(world, ['ossutil', '--profile', 'dev'])
      const fake = `#!/bin/sh\nexec ${process.execPath} -e '${printVariables}'\n`
      const { script, PATH } = saveScript(world, stdout, { ossutil: fake })
      const { stdout: seen } = await runProgram(script, ['ls'], world, { PATH })
      expect(JSON.parse(seen)).toMatchObject({
        OSS_ACCESS_KEY_ID: login.access_key_id,
        OSS_ACCESS_KEY_SECRET: login.access_key_secret,
        OSS_SESSION_TOKEN: login.sts_token,
      })
    }),
  )
})

const terraform = (process.env.PATH ?? '')
  .split(delimiter)
  .map((directory) => join(directory, 'terraform'))
  .find((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined)

describe.skipIf(terraform === undefined)('a real Terraform, where there is one', () => {
  test(
    'signs the requests for its state with these credentials',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = JSON.parse(await logIn(world))
      const signed: boolean[] = []
      const server = await startHttpServer<string>({
        routes: {},
        fallback: (request) => {
          const signature = readOssSignature(request)
          signed.push(
            signature?.isSignedWith(login.access_key_secret) === true &&
              signature.accessKeyId === login.access_key_id &&
              signature.securityToken === login.sts_token,
          )
          const body = '<?xml version="1.0"?><ListBucketResult><Name>state</Name></ListBucketResult>'
          return { status: 200, headers: { 'content-type': 'application/xml' }, body }
        },
      })
      try {
        const { stdout } = await configureFor(world, ['terraform', '--profile', 'dev'])
        const { script } = saveScript(world, stdout)
        const main =
          'terraform {\n  backend "oss" {\n    bucket = "state"\n    region = "cn-hangzhou"\n  }\n}\n'
        writeFileSync(join(world.home.home, 'work', 'main.tf'), main)
        const words = [`-chdir=${join(world.home.home, 'work')}`, 'init', '-no-color', '-input=false']
        const env = { OSS_ENDPOINT: server.url, CHECKPOINT_DISABLE: '1' }
        const { stdout: said, stderr } = await runProgram(script, words, world, env)
        expect(said + stderr).toContain('Successfully configured the backend "oss"')
        expect(signed.length).toBeGreaterThan(0)
        expect(signed).not.toContain(false)
      } finally {
        await server.close()
      }
    }),
  )
})
