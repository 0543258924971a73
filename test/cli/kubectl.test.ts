import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ageTokens, configureCorp, inOidcWorld, must, type OidcWorld } from '../support/oidc-world.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { inWorld } from '../support/world.ts'

runCommandsHere()

const asked = (apiVersion: unknown, rest: object = {}) =>
  JSON.stringify({ apiVersion, kind: 'ExecCredential', spec: { interactive: false }, ...rest })
const get = ['token', 'get', '--profile', 'corp', '--format', 'exec-credential']

/** A provider whose device codes approve themselves, and a sign-in without a role. */
function signedIn(run: (world: OidcWorld) => Promise<void>) {
  return inOidcWorld({ oidc: { approve: 'auto', intervalSeconds: 1 } }, async (world) => {
    await configureCorp(world, { role: false })
    await must(world.home.run(['login', '--profile', 'corp', '--flow', 'device']))
    await run(world)
  })
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

describe('sesame token get --format exec-credential', () => {
  test(
    'is an ExecCredential with the ID token and its end, in the version that is asked for',
    signedIn(async ({ home }) => {
      const idToken = (await must(home.run(['token', 'get', '--profile', 'corp', '--id']))).trim()
      for (const [info, version] of [
        [undefined, 'v1'],
        ['', 'v1'],
        [asked('client.authentication.k8s.io/v1'), 'v1'],
        [asked('client.authentication.k8s.io/v1beta1'), 'v1beta1'],
        [asked('client.authentication.k8s.io/v1', { kind: undefined }), 'v1'],
      ] as const) {
        const { code, stdout, stderr } = await home.run(get, {
          env: info === undefined ? {} : { KUBERNETES_EXEC_INFO: info },
        })
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(JSON.parse(stdout)).toEqual({
          apiVersion: `client.authentication.k8s.io/${version}`,
          kind: 'ExecCredential',
          status: {
            token: idToken,
            expirationTimestamp: `${new Date(claimsOf(idToken).exp * 1000).toISOString().slice(0, 19)}Z`,
          },
        })
      }
    }),
  )

  test(
    '--access is the other token; --out takes it to a file',
    signedIn(async ({ home }) => {
      const access = (await must(home.run(['token', 'get', '--profile', 'corp']))).trim()
      expect(JSON.parse(await must(home.run([...get, '--access']))).status.token).toBe(access)
      const path = join(home.home, 'credential.json')
      expect(await home.run([...get, '--access', '--out', path])).toMatchObject({
        code: 0,
        stdout: '',
        stderr: '',
      })
      const text = readFileSync(path, 'utf8')
      expect(JSON.parse(text).status.token).toBe(access)
      expect(text.endsWith('}')).toBe(true)
      expect(statSync(path).mode & 0o777).toBe(0o600)
    }),
  )

  test.each([
    ['no JSON', 'v1', /holds no ExecCredential/],
    ['a list', '[]', /holds no ExecCredential/],
    ['another kind', asked('client.authentication.k8s.io/v1', { kind: 'Pod' }), /holds no ExecCredential/],
    ['no version', asked(undefined), /holds no ExecCredential/],
    [
      'v1alpha1',
      asked('client.authentication.k8s.io/v1alpha1'),
      /asks for client\.authentication\.k8s\.io\/v1alpha1/,
    ],
    ['another group', asked('v1'), /asks for v1, which is not known/],
    ['a version with control characters', asked('v9\u001b[31m'), /asks for v9\\u001b\[31m/],
  ])('KUBERNETES_EXEC_INFO with %s: exit 2, and no request', async (_what, info, text) => {
    await inOidcWorld({}, async (world) => {
      await configureCorp(world, { role: false })
      const { code, stdout, stderr } = await world.home.run(get, { env: { KUBERNETES_EXEC_INFO: info } })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(text)
      expect(world.oidc.requests).toEqual([])
    })()
  })

  test(
    'renews silently; without a sign-in exit 3 and one line, never a browser',
    signedIn(async (world) => {
      ageTokens(world, 'token', -1000)
      const renewed = await world.home.run(get)
      expect(renewed).toMatchObject({ code: 0, stderr: '' })
      // What was stored had ended by its own words.
      expect(Date.parse(JSON.parse(renewed.stdout).status.expirationTimestamp)).toBeGreaterThan(Date.now())
      await world.home.run(['logout', '--profile', 'corp'])
      expect(await world.home.run(get)).toMatchObject({
        code: 3,
        stdout: '',
        stderr: 'sesame: Sign in first: sesame login --profile corp\n',
      })
    }),
  )
})

describe('sesame configure --for kubectl', () => {
  const configure = ['configure', '--for', 'kubectl', '--profile', 'corp']
  const withProfile = (run: (world: OidcWorld) => Promise<void>) =>
    inOidcWorld({}, async (world) => {
      await configureCorp(world, { role: false })
      await run(world)
    })
  /** Writes a kubeconfig, and the directories above it. */
  const write = (path: string, text: string) => {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, text)
    return path
  }
  const read = (path: string) => parse(readFileSync(path, 'utf8'))
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: expect.stringMatching(/^(?:\/|sesame$)/),
    args: expect.arrayContaining(get),
    interactiveMode: 'Never',
    provideClusterInfo: false,
    installHint: expect.stringContaining('sesame configure --for kubectl --profile corp'),
  }

  test(
    'makes the user in ~/.kube/config, for its owner only, and says what is left to do',
    withProfile(async ({ home, oidc }) => {
      const { code, stdout, stderr } = await home.run(configure)
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
      const path = join(home.home, '.kube', 'config')
      expect(read(path)).toEqual({
        apiVersion: 'v1',
        kind: 'Config',
        users: [{ name: 'corp', user: { exec } }],
      })
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(stderr).toContain('kubectl config set-context --current --user=corp')
      expect(stderr).toContain(
        `--oidc-issuer-url=${oidc.issuer} --oidc-client-id=${oidc.clients.public.clientId}`,
      )
      expect(stderr).toContain('then: sesame login --profile corp')
      const again = await home.run(configure)
      expect(again.stderr).toContain('is as it should be')
    }),
  )

  test(
    '--print writes nothing',
    withProfile(async ({ home }) => {
      const { code, stdout } = await home.run([...configure, '--print'])
      expect(code).toBe(0)
      expect(parse(stdout).users).toEqual([{ name: 'corp', user: { exec } }])
      expect(existsSync(join(home.home, '.kube'))).toBe(false)
    }),
  )

  test(
    'of KUBECONFIG it changes the file that has the user, else the first that is there, else the last',
    withProfile(async ({ home }) => {
      const [none, one, two] = ['none', 'one', 'two'].map((name) => join(home.home, 'k', name)) as [
        string,
        string,
        string,
      ]
      const env = { KUBECONFIG: `:${none}:${one}:${two}` }
      await must(home.run(configure, { env }))
      expect(read(two).users).toHaveLength(1)
      write(two, 'kind: Config\nusers:\n- name: corp\n  user: {}\n')
      write(one, 'kind: Config\n')
      await must(home.run(configure, { env }))
      expect([read(one), read(two).users]).toEqual([{ kind: 'Config' }, [{ name: 'corp', user: { exec } }]])
      write(two, 'kind: Config\n')
      await must(home.run(configure, { env }))
      expect([read(one).users, read(two)]).toEqual([[{ name: 'corp', user: { exec } }], { kind: 'Config' }])
      expect(existsSync(none)).toBe(false)
    }),
  )

  test(
    'a user of that name that is not of sesame is replaced with --overwrite only; the former file stays beside it',
    withProfile(async ({ home }) => {
      const text = '# mine\nusers:\n- name: corp\n  user:\n    token: s3cr3t\n'
      const path = write(join(home.home, '.kube', 'config'), text)
      const refused = await home.run(configure)
      expect(refused).toMatchObject({ code: 2, stdout: '' })
      expect(refused.stderr).toMatch(/has a user corp of its own; it stays as it is\.\nAdd --overwrite/)
      expect(readFileSync(path, 'utf8')).toBe(text)
      const { stderr } = await home.run([...configure, '--overwrite'])
      expect(read(path)).toEqual({ users: [{ name: 'corp', user: { exec } }] })
      const [copy = ''] = readdirSync(join(home.home, '.kube')).filter((name) => name !== 'config')
      expect(stderr).toContain(copy)
      expect(readFileSync(join(home.home, '.kube', copy), 'utf8')).toBe(text)
    }),
  )

  test(
    'a link is followed, and stays one; a file that is no kubeconfig is left alone',
    withProfile(async ({ home }) => {
      const real = write(join(home.home, 'dotfiles', 'kube'), 'kind: Config\n')
      mkdirSync(join(home.home, '.kube'))
      symlinkSync(real, join(home.home, '.kube', 'config'))
      await must(home.run(configure))
      expect(read(real).users).toHaveLength(1)
      writeFileSync(real, 'users: [\n')
      expect(await home.run(configure)).toMatchObject({ code: 2, stdout: '' })
      expect(readFileSync(real, 'utf8')).toBe('users: [\n')
    }),
  )

  test(
    'a profile that gives credentials only: exit 2, and what kind is needed',
    inWorld({}, async ({ home }) => {
      const { code, stdout, stderr } = await home.run(['configure', '--for', 'kubectl', '--profile', 'dev'])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/Profile dev gives no identity token\.\n.*--issuer URL --client-id ID/)
      expect(existsSync(join(home.home, '.kube'))).toBe(false)
    }),
  )

  test(
    'another tool still refuses a profile with tokens only',
    withProfile(async ({ home }) => {
      expect(await home.run(['configure', '--for', 'terraform', '--profile', 'corp'])).toMatchObject({
        code: 2,
      })
    }),
  )
})
