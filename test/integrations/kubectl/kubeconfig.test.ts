import { describe, expect, test } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { readKubeconfig } from '../../../src/integrations/kubectl/kubeconfig.ts'

const user = {
  command: '/opt/node 22/bin/node',
  args: ['/opt/sesame.cjs', 'token', 'get', '--profile', 'corp', '--format', 'exec-credential'],
  installHint: 'Install it: sesame configure --for kubectl',
}
const exec = {
  apiVersion: 'client.authentication.k8s.io/v1',
  ...user,
  interactiveMode: 'Never',
  provideClusterInfo: false,
}

async function change(text: string, name = 'corp') {
  const config = await readKubeconfig(text)
  return { before: config.find(name), after: config.withUser(name, user) }
}

const kind = `# clusters of the office
apiVersion: v1
kind: Config
current-context: kind-dev
clusters:
- cluster:
    certificate-authority-data: ${'QUJD'.repeat(100)}
    server: https://127.0.0.1:6443   # tunnel
  name: kind-dev
contexts:
- context: {cluster: kind-dev, user: kind-dev}
  name: kind-dev
preferences: {}
users:
# made by kind
- name: kind-dev
  user:
    client-certificate-data: "QUJD"
    token: 'it''s'

# the end
`

describe('a user of a kubeconfig', () => {
  test('is added behind the others, and nothing else is touched', async () => {
    const { before, after } = await change(kind)
    expect(before).toBe('absent')
    const lines = after.split('\n')
    expect(kind.split('\n').filter((line) => !lines.includes(line.replace(/ +#/, ' #')))).toEqual([])
    expect(parse(after)).toEqual({
      ...parse(kind),
      users: [...parse(kind).users, { name: 'corp', user: { exec } }],
    })
    expect(await change(after)).toEqual({ before: 'ours', after })
  })

  test.each([
    ['an empty file', '', { apiVersion: 'v1', kind: 'Config' }],
    ['comments only', '# none yet\n', { apiVersion: 'v1', kind: 'Config' }],
    ['null', 'null\n', { apiVersion: 'v1', kind: 'Config' }],
    ['no users', 'apiVersion: v1\nkind: Config\n', { apiVersion: 'v1', kind: 'Config' }],
    ['users without a value', 'kind: Config\nusers:\ncontexts: []\n', { kind: 'Config', contexts: [] }],
    ['users: null', 'kind: Config\nusers: null\n', { kind: 'Config' }],
    ['users: []', 'kind: Config\nusers: []\n', { kind: 'Config' }],
    ['JSON', '{"kind":"Config","users":[]}', { kind: 'Config' }],
  ])('in %s', async (_what, text, rest) => {
    const { after } = await change(text)
    expect(parse(after)).toEqual({ ...rest, users: [{ name: 'corp', user: { exec } }] })
    if (text.startsWith('#')) expect(after).toContain('# none yet')
    if (text.startsWith('{')) expect(JSON.parse(after)).toEqual(parse(after))
  })

  test.each([
    ['  - ', 'apiVersion: v1\nusers:\n  - name: a\n    user:\n      token: x\n'],
    ['- ', 'apiVersion: v1\nusers:\n- name: a\n  user:\n    token: x\n'],
    ['    - ', 'apiVersion: v1\nusers:\n    - name: a\n      user:\n          token: x\n'],
  ])('is written in the style of the file: %j', async (lead, text) => {
    const { after } = await change(text)
    expect(after.startsWith(text)).toBe(true)
    expect(after.slice(text.length)).toMatch(new RegExp(`^${lead}name: corp\n`))
  })

  test('keeps the ends of lines of Windows', async () => {
    const { after } = await change(kind.replaceAll('\n', '\r\n'))
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })

  test.each([
    ['another program', 'exec: {command: kubelogin, args: [get-token]}', 'foreign'],
    ['a token', 'token: x', 'foreign'],
    ['sesame and a token', 'token: x\n    exec: {args: [token, get, --format, exec-credential]}', 'foreign'],
    [
      'sesame',
      'exec: {command: sesame, args: [token, get, --profile, x, --format, exec-credential]}',
      'ours',
    ],
    ['nothing', '{}', 'ours'],
  ])('of that name with %s is %s', async (_what, held, known) => {
    const text = `users:\n- name: corp # mine\n  user:\n    ${held}\n- name: z\n  user: {}\n`
    const { before, after } = await change(text)
    expect(before).toBe(known)
    expect(parse(after).users).toEqual([
      { name: 'corp', user: { exec } },
      { name: 'z', user: {} },
    ])
    expect(after).toContain('# mine')
  })

  test('of two the first counts, as for kubectl', async () => {
    const { after } = await change(
      'users:\n- name: corp\n  user: {token: a}\n- name: corp\n  user: {token: b}\n',
    )
    expect(parse(after).users).toEqual([
      { name: 'corp', user: { exec } },
      { name: 'corp', user: { token: 'b' } },
    ])
  })

  test.each(['on', 'y', 'No', 'null', '1e3', '0x1f', '012', '~', '1.10', '中文', '-x', 'a: b', '@a'])(
    'named %s is that text for readers of YAML 1.1, too',
    async (name) => {
      const { after } = await change('', name)
      for (const version of ['1.1', '1.2'] as const)
        expect(parseDocument(after, { version }).toJS().users[0].name).toBe(name)
      expect((await readKubeconfig(after)).find(name)).toBe('ours')
    },
  )

  test.each([
    ['no YAML', 'users: [\n'],
    ['a list', '- a\n'],
    ['a text', 'hello\n'],
    ['users that are no list', 'users: {corp: s3cr3t}\n'],
    ['two documents', 'users: []\n---\nusers: []\n'],
    ['a name twice', 'users: []\nusers: []\n'],
    ['endless nesting', '['.repeat(200_000)],
  ])('is not looked for in %s', async (_what, text) => {
    await expect(change(text)).rejects.toMatchObject({
      code: 'ERR_CONFIG',
      message: expect.not.stringContaining('s3cr3t'),
    })
  })
})
