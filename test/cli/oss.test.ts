import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createTestCa, type Oss, type OssAccessKey, type OssOptions, startOss } from '../../mocks/index.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { age, logIn, runProgram } from '../support/sdk.ts'
import { sesamePath } from '../support/sesame.ts'
import { inWorld, type World } from '../support/world.ts'

runCommandsHere()

interface OssWorld extends World {
  oss: Oss
  /** Runs `sesame oss …` for the mock. */
  run(words: readonly string[], env?: Record<string, string>): ReturnType<World['home']['run']>
}

/** A world in which `dev` has signed in, and a strict OSS that knows every key handed out. */
function withOss(
  run: (world: OssWorld) => Promise<void>,
  { portal = {}, ...options }: Partial<OssOptions> & { portal?: object } = {},
): () => Promise<void> {
  return inWorld(portal, async (world) => {
    const keys = new Map<string, OssAccessKey>()
    const findKey = (id: string) => {
      for (const { key, value } of world.home.items())
        if (key.startsWith('credentials')) {
          const { accessKeyId, accessKeySecret, securityToken, expiresAt } = value as Record<string, string>
          keys.set(String(accessKeyId), {
            accessKeyId: String(accessKeyId),
            accessKeySecret: String(accessKeySecret),
            securityToken,
            expiresAt: new Date(String(expiresAt)),
          })
        }
      return keys.get(id)
    }
    const oss = await startOss({ credentials: findKey, ...options })
    try {
      await logIn(world)
      const at = ['--endpoint', oss.url, '--region', 'cn-hangzhou']
      await run({
        ...world,
        oss,
        run: (words, env = {}) =>
          world.home.run(['oss', ...words, ...at], { env: { SESAME_STORE: 'plaintext', ...env } }),
      })
    } finally {
      await oss.close()
    }
  })
}

/** Runs curl, which must be asked to say what went wrong; the status is its last line. */
function curl(words: readonly string[], input = ''): Promise<{ body: string; status: number }> {
  return new Promise((resolve, reject) => {
    const all = ['--silent', '--show-error', '--max-time', '20', '--write-out', '\n%{http_code}', ...words]
    const child = execFile('curl', all, { env: { PATH: process.env.PATH } }, (error, stdout) => {
      if (error) return reject(error)
      const end = stdout.lastIndexOf('\n')
      resolve({ body: stdout.slice(0, end), status: Number(stdout.slice(end + 1)) })
    })
    child.stdin?.end(input)
  })
}

const versions = [
  ['V4', []],
  ['V1', ['--v1']],
] as const

describe.each(versions)('signature %s', (_version, more) => {
  test(
    'presign: curl puts and gets through the URL, until it is used for something else',
    withOss(async ({ home, oss, run }) => {
      const name = 'oss://reports/a folder/ü+%2F.csv'
      const put = await run(['presign', name, '--method', 'put', '--expires', '10m', ...more])
      expect(put).toMatchObject({ code: 0, stderr: expect.stringContaining('without a Content-Type') })
      expect(put.stdout).toMatch(
        /^http:\/\/127\.0\.0\.1:\d+\/reports\/a%20folder\/%C3%BC%2B%252F\.csv\?[^\s]+\n$/,
      )
      const file = join(home.home, 'may.csv')
      writeFileSync(file, 'a,b')
      expect(await curl(['--upload-file', file, put.stdout.trim()])).toEqual({ body: '', status: 200 })
      expect(oss.objects.get('reports/a folder/ü+%2F.csv')?.text).toBe('a,b')
      const get = await run(['presign', name, '--expires', '5m', ...more])
      expect(await curl([get.stdout.trim()])).toEqual({ body: 'a,b', status: 200 })
      expect(await curl(['--request', 'DELETE', get.stdout.trim()])).toMatchObject({ status: 403 })
      oss.dateOffsetSeconds = 301
      expect((await curl([get.stdout.trim()])).body).toContain('Request has expired.')
    }),
  )

  test(
    'sign --curl: curl sends the request as it was signed',
    withOss(async ({ home, oss, run }) => {
      const name = 'oss://reports/q"uo\\te $HOME.txt'
      const file = join(home.home, 'may.txt')
      writeFileSync(file, 'content')
      const header = ['--header', 'x-oss-meta-note: "quoted" \\ {a,b} [1-3]']
      const put = await run(['sign', 'PUT', name, ...header, '--curl', ...more])
      expect(put).toMatchObject({ code: 0, stderr: '' })
      expect(await curl(['--config', '-', '--upload-file', file], put.stdout)).toEqual({
        body: '',
        status: 200,
      })
      expect(oss.objects.get('reports/q"uo\\te $HOME.txt')).toMatchObject({
        text: 'content',
        meta: { note: '"quoted" \\ {a,b} [1-3]' },
      })
      const get = await run(['sign', 'get', name, '--curl', ...more])
      expect(await curl(['--config', '-'], get.stdout)).toEqual({ body: 'content', status: 200 })
      const head = await run(['sign', 'HEAD', name, '--curl', ...more])
      expect((await curl(['--config', '-'], head.stdout)).body).toContain('x-oss-meta-note')
      // curl has a content type of its own for data; it must not get in.
      const acl = await run(['sign', 'PUT', 'oss://reports', '--query', 'acl', '--curl', ...more])
      expect(await curl(['--config', '-', '--data', 'x'], acl.stdout)).toMatchObject({ status: 200 })
      const gone = await run(['sign', 'DELETE', name, '--curl', ...more])
      expect(await curl(['--config', '-'], gone.stdout)).toEqual({ body: '', status: 204 })
    }),
  )

  test(
    'sign: header lines, and JSON',
    withOss(async ({ run }) => {
      const words = ['sign', 'GET', 'oss://reports', '--query', 'prefix=a b', ...more]
      const json = JSON.parse((await run([...words, '--json'])).stdout)
      expect(json).toMatchObject({ method: 'GET', url: expect.stringMatching(/\/reports\/\?prefix=a%20b$/) })
      expect((await fetch(json.url, { headers: json.headers })).status).toBe(200)
      const { stdout } = await run(words)
      const lines = stdout.trimEnd().split('\n')
      const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2)))
      expect(Object.keys(headers)).toEqual(Object.keys(json.headers))
      expect((await fetch(json.url, { headers })).status).toBe(200)
    }),
  )

  test(
    'the token is in the URL or in a header, and said nowhere else',
    withOss(async ({ home, run }) => {
      const [token] = home.items().flatMap(({ value }) => value.securityToken ?? [])
      const presigned = await run(['presign', 'oss://reports/x', ...more])
      const query = [...new URL(presigned.stdout.trim()).searchParams].filter(([, value]) => value === token)
      expect(query.map(([name]) => name)).toEqual([
        more.length === 0 ? 'x-oss-security-token' : 'security-token',
      ])
      const signed = JSON.parse((await run(['sign', 'GET', 'oss://reports/x', '--json', ...more])).stdout)
      expect(signed.headers['x-oss-security-token']).toBe(token)
      expect(signed.url).not.toContain('token')
    }),
  )
})

test('a virtual host and a bound domain, over TLS', async () => {
  const hosts = ['reports.oss-cn-hangzhou.aliyuncs.com', 'files.example.com']
  const ca = createTestCa()
  const tls = ca.issue({ hosts })
  await withOss(
    async ({ home, oss }) => {
      oss.objects.set('reports/x.txt', {
        text: 'by name',
        contentType: 'text/plain',
        meta: {},
        etag: '""',
        lastModified: new Date(),
      })
      const caFile = join(home.home, 'ca.pem')
      writeFileSync(caFile, ca.ca)
      const here = ['--cacert', caFile, '--connect-to', `::127.0.0.1:${oss.port}`]
      for (const destination of [
        ['--region', 'cn-hangzhou'],
        ['--endpoint', 'oss-cn-hangzhou.aliyuncs.com'],
        ['--endpoint', 'files.example.com', '--style', 'cname', '--region', 'cn-hangzhou'],
      ]) {
        const presigned = await home.run(['oss', 'presign', 'oss://reports/x.txt', ...destination])
        expect(await curl([...here, presigned.stdout.trim()])).toEqual({ body: 'by name', status: 200 })
        const signed = await home.run(['oss', 'sign', 'GET', 'oss://reports/x.txt', '--curl', ...destination])
        expect(await curl([...here, '--config', '-'], signed.stdout)).toEqual({
          body: 'by name',
          status: 200,
        })
      }
      expect(oss.served.map(({ style }) => style)).toEqual([
        'virtual-host',
        'virtual-host',
        'virtual-host',
        'virtual-host',
        'cname',
        'cname',
      ])
    },
    { tls, cnames: { 'files.example.com': 'reports' } },
  )()
})

describe('how long a URL works', () => {
  test(
    'not longer than the credentials, which is said',
    withOss(async (world) => {
      age(world, 1_800_000)
      const { stdout, stderr, code } = await world.run(['presign', 'oss://reports/x'])
      expect(code).toBe(0)
      expect(stderr).toMatch(
        /^The URL works until 20\d\d-\d\d-\d\dT[\d:]+Z only: then the credentials expire\.\n$/,
      )
      const seconds = Number(new URL(stdout.trim()).searchParams.get('x-oss-expires'))
      expect(seconds).toBeGreaterThan(1780)
      expect(seconds).toBeLessThanOrEqual(1800)
      expect(await curl([stdout.trim()])).toMatchObject({ status: 404 })
    }),
  )

  test(
    'seven days at the most, and at least a second',
    withOss(async ({ run }) => {
      for (const expires of ['604801', '0', 'tomorrow']) {
        const { stdout, stderr, code } = await run(['presign', 'oss://reports/x', '--expires', expires])
        expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
        expect(stderr).toContain('--expires')
      }
    }),
  )

  test(
    'by the server’s clock, where the local one is known to be wrong',
    withOss(
      async ({ run, oss }) => {
        oss.dateOffsetSeconds = 7200
        const presigned = await run(['presign', 'oss://reports/x', '--expires', '5m'])
        expect(await curl([presigned.stdout.trim()])).toMatchObject({ status: 404 })
        const signed = await run(['sign', 'GET', 'oss://reports/x', '--curl'])
        expect(await curl(['--config', '-'], signed.stdout)).toMatchObject({ status: 404 })
      },
      { portal: { dateOffsetSeconds: 7200 } },
    ),
  )
})

test(
  'on a terminal it says for whom and how long what it shows is good',
  withOss(async (world) => {
    const seen = async (...words: string[]) => {
      const line = [process.execPath, sesamePath, 'oss', ...words, '--region', 'cn-hangzhou'].join(' ')
      return (await runProgram('/usr/bin/script', ['-qefc', line, '/dev/null'], world)).stdout
    }
    expect(await seen('presign', 'oss://reports/x', '--expires', '1m')).toMatch(
      /Anyone with this URL can use it until 20[\d-]+T[\d:]+Z\./,
    )
    expect(await seen('sign', 'GET', 'oss://reports/x')).toContain(
      'Anyone with these headers can send this request for 15 minutes.',
    )
  }),
)

describe('the region', () => {
  const regionOf = async ({ home }: World, words: readonly string[], env: Record<string, string> = {}) => {
    const all = ['oss', 'presign', 'oss://reports/x', ...words]
    const { stdout, stderr, code } = await home.run(all, { env: { SESAME_STORE: 'plaintext', ...env } })
    if (code !== 0) return stderr.split('\n', 1)[0]
    const { host, searchParams } = new URL(stdout.trim())
    return `${searchParams.get('x-oss-credential')?.split('/')[2]} at ${host.replace('reports.', '')}`
  }

  test(
    'is given by option, endpoint, profile, or environment, in this order',
    withOss(async (world) => {
      expect(await regionOf(world, [])).toBe('sesame: Which region?')
      for (const name of [
        'ALIBABA_CLOUD_REGION_ID',
        'ALIBABACLOUD_REGION_ID',
        'ALICLOUD_REGION',
        'OSS_REGION',
      ])
        expect(await regionOf(world, [], { [name]: 'oss-cn-env' })).toBe('cn-env at oss-cn-env.aliyuncs.com')
      const env = { ALIBABA_CLOUD_REGION_ID: 'cn-env' }
      const path = join(world.home.directory, 'config.json')
      const config = JSON.parse(readFileSync(path, 'utf8'))
      config.profiles.dev = { kind: 'cloudsso', region: 'cn-profile' }
      writeFileSync(path, JSON.stringify(config), { mode: 0o600 })
      expect(await regionOf(world, [], env)).toBe('cn-profile at oss-cn-profile.aliyuncs.com')
      const endpoint = ['--endpoint', 'oss-cn-beijing-internal.aliyuncs.com']
      expect(await regionOf(world, endpoint, env)).toBe('cn-beijing at oss-cn-beijing-internal.aliyuncs.com')
      const fast = ['--endpoint', 'oss-accelerate.aliyuncs.com']
      expect(await regionOf(world, fast, env)).toBe('cn-profile at oss-accelerate.aliyuncs.com')
      expect(await regionOf(world, ['--region', 'cn-flag', ...endpoint], env)).toBe(
        'cn-flag at oss-cn-beijing-internal.aliyuncs.com',
      )
    }),
  )
})

describe('wrong usage is exit 2 in at most two lines, with nothing on stdout', () => {
  test(
    'whatever is wrong',
    withOss(async ({ home, portal }) => {
      const calls = portal.calls().length
      for (const [words, named] of [
        [[], 'oss presign'],
        [['presign'], 'oss://'],
        [['presign', 'https://reports/x'], 'oss://'],
        [['presign', 'oss://'], 'bucket'],
        [['presign', 'oss:///key'], 'bucket'],
        [['presign', 'oss://Reports/x'], 'Reports'],
        [['presign', 'oss://a.b\u001b[31m/x'], '\\u001b'],
        [['presign', `oss://reports/${'x'.repeat(1024)}`], '1023'],
        [['presign', 'oss://reports/..'], 'key'],
        [['presign', 'oss://reports/x?acl&mine', '--v1'], 'V1'],
        [['presign', 'oss://reports/x?versionId=1', '--query', 'versionId=2'], '--query'],
        [['presign', 'oss://reports/x', '--header', 'nothing'], 'colon'],
        [['presign', 'oss://reports/x', '--endpoint', 'other.oss-cn-hangzhou.aliyuncs.com'], '--endpoint'],
        [['post-policy', 'oss://reports'], 'key'],
        [['post-policy', 'oss://reports/x', '--max-size', '10MB'], '--max-size'],
        [['post-policy', 'oss://reports/x', '--min-size', '9', '--max-size', '8'], '--min-size'],
        [['post-policy', 'oss://reports/x', '--field', 'policy=x'], '--field'],
        [['post-policy', 'oss://reports/x', '--field', 'nothing'], 'NAME=VALUE'],
        [['post-policy', 'oss://reports/x', '--condition', '{'], '--condition'],
        [['presign', 'oss://reports/x', '--method', 'G ET'], 'method'],
        [['presign', 'oss://reports/x', '--endpoint', 'http://example.com'], '--endpoint'],
        [['presign', 'oss://reports/x', '--style', 'virtual-host', '--endpoint', '10.0.0.1'], '--style'],
        [['presign', 'oss://reports/x', '--style', 'cname'], 'cname'],
        [['presign', 'oss://reports/x', '--region', 'cn/x'], '--region'],
        [['sign', 'oss://reports/x'], 'method'],
        [['sign', 'GET'], 'oss://'],
        [['sign', 'GET', 'oss://reports/x', '--curl', '--json'], '--json'],
        [['sign', 'GET', 'oss://reports/x', '--header', 'nothing'], 'colon'],
        [['sign', 'GET', 'oss://reports/x', '--header', 'a: b\r\nc: d'], '--header'],
        [['sign', 'GET', 'oss://reports/x', '--header', 'Authorization: x'], 'authorization'],
        [['sign', 'GET', 'oss://reports/x', '--header', 'X-Oss-Security-Token: x'], 'x-oss-security-token'],
        [['sign', 'GET', 'oss://reports/x', '--query', 'security-token=x'], 'security-token'],
      ] as [string[], string][]) {
        const region = words.includes('--region') ? [] : ['--region', 'cn-hangzhou']
        const all = ['oss', ...words, ...(words.length === 0 ? [] : region)]
        const { stdout, stderr, code } = await home.run(all)
        expect({ words, stdout, code }).toEqual({ words, stdout: '', code: 2 })
        expect(stderr).toContain(named)
        expect(stderr.trimEnd().split('\n').length, stderr).toBeLessThanOrEqual(2)
      }
      expect(portal.calls()).toHaveLength(calls)
    }),
  )
})

test(
  'sign: several headers and query members, a repeated one too',
  withOss(async ({ oss, run }) => {
    const headers = ['--header', 'Content-Type: text/csv', '--header', 'x-oss-meta-author: alice']
    const put = await run(['sign', 'PUT', 'oss://reports/x.csv', ...headers, '--curl'])
    expect(await curl(['--config', '-', '--data-binary', 'a,b'], put.stdout)).toEqual({
      body: '',
      status: 200,
    })
    expect(oss.objects.get('reports/x.csv')).toMatchObject({
      contentType: 'text/csv',
      meta: { author: 'alice' },
    })
    const query = ['--query', 'prefix=x', '--query', 'tag=2', '--query', 'tag=1', '--query', 'acl']
    const get = await run(['sign', 'GET', 'oss://reports', ...query, '--curl'])
    expect((await curl(['--config', '-'], get.stdout)).status).toBe(200)
    expect(oss.requests.at(-1)?.queryAll.getAll('tag')).toEqual(['2', '1'])
    const twice = await run(['sign', 'GET', 'oss://reports', '--header', 'A: 1', '--header', 'a: 2'])
    expect(twice).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('twice') })
  }),
)

test(
  'the user is not asked to sign in: exit 3 names the command',
  inWorld({}, async ({ home, portal }) => {
    for (const words of [
      ['presign', 'oss://reports/x'],
      ['sign', 'GET', 'oss://reports/x', '--curl'],
    ]) {
      const { stdout, stderr, code } = await home.run([
        'oss',
        ...words,
        '--region',
        'cn-hangzhou',
        '--profile',
        'dev',
      ])
      expect({ stdout, code }).toEqual({ stdout: '', code: 3 })
      expect(stderr).toBe('sesame: Sign in first: sesame login --profile dev\n')
    }
    expect(portal.calls()).toEqual([])
  }),
)

test.each([
  ['import', 'const { presignV4, requestUrl, signHeadersV4 } = await import("sesame-sso/oss")'],
  ['require', 'const { presignV4, requestUrl, signHeadersV4 } = require("sesame-sso/oss")'],
])('sesame-sso/oss by %s signs with what createCredentialsProvider gives', (_name, load) =>
  withOss(async (world) => {
    const program = `
        async function main() {
          ${load}
          const { createCredentialsProvider } = require('sesame-sso')
          const credentials = await createCredentialsProvider({ profile: 'dev' }).getCredentials()
          const options = { region: 'cn-hangzhou', endpoint: process.argv[1], now: new Date(), expiresSeconds: 604800,
            onNotice: ({ code }) => console.log(code) }
          const request = { method: 'PUT', bucket: 'reports', key: 'ü.txt', headers: { 'Content-Type': 'text/plain' } }
          const headers = signHeadersV4(request, credentials, options)
          console.log((await fetch(requestUrl(request, options), { method: 'PUT', headers, body: 'by library' })).status)
          console.log(await (await fetch(presignV4({ ...request, method: 'GET', headers: {} }, credentials, options))).text())
        }
        main()`
    const { stdout, stderr } = await runProgram(process.execPath, ['-e', program, world.oss.url], world)
    expect({ stdout, stderr }).toEqual({ stdout: '200\nexpires-capped\nby library\n', stderr: '' })
  })(),
)

test.each([
  ['V1', false],
  ['V4', true],
])(
  'ali-oss goes on through refreshSTSToken when its keys expire, signature %s',
  (_version, authorizationV4) =>
    withOss(
      async (world) => {
        const program = `
          const { createCredentialsProvider, aliOssOptions } = require('./dist/index.cjs')
          const OSS = require('ali-oss')
          async function main() {
            const options = await aliOssOptions(createCredentialsProvider({ profile: 'dev' }))
            const client = new OSS({ ...options, endpoint: process.argv[1], region: 'oss-cn-hangzhou', bucket: 'reports',
              authorizationV4: ${authorizationV4} })
            const seen = new Set()
            for (let i = 0; seen.size < 2; i++) {
              await client.put('a folder/ü+.txt', Buffer.from('round ' + i))
              seen.add(client.options.accessKeyId)
              await new Promise((resolve) => setTimeout(resolve, 100))
            }
            console.log(JSON.stringify([...seen]))
          }
          main()`
        const { stdout, stderr } = await runProgram(process.execPath, ['-e', program, world.oss.url], world)
        expect(stderr).toBe('')
        expect(JSON.parse(stdout)).toHaveLength(2)
        expect(world.oss.refusals).toEqual([])
        expect(world.oss.objects.get('reports/a folder/ü+.txt')?.text).toMatch(/^round \d+$/)
      },
      { portal: { sessionSeconds: 5 } },
    )(),
)

describe('[case 156] what a presigned URL covers', () => {
  test(
    'headers and query members are signed, and said',
    withOss(async ({ oss, run }) => {
      const words = [
        'presign',
        'oss://reports/x.csv',
        '--method',
        'PUT',
        '--header',
        'Content-Type: text/csv',
      ]
      const put = await run([...words, '--expires', '1m', '--header', 'x-oss-meta-author: alice'])
      expect(put.stderr).toBe('Send these headers with it as they are: content-type, x-oss-meta-author.\n')
      const url = put.stdout.trim()
      const send = (type: string) =>
        fetch(url, {
          method: 'PUT',
          headers: { 'content-type': type, 'x-oss-meta-author': 'alice' },
          body: 'a,b',
        })
      expect((await send('text/plain')).status).toBe(403)
      expect((await send('text/csv')).status).toBe(200)
      const get = await run(['presign', 'oss://reports/x.csv', '--query', 'response-content-type=text/plain'])
      const answer = await fetch(get.stdout.trim())
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain'])
      expect(oss.refusals.map(({ code }) => code)).toEqual(['SignatureDoesNotMatch'])
    }),
  )

  test(
    'a PUT without a type is said to be one',
    withOss(async ({ run }) => {
      const put = await run(['presign', 'oss://reports/x.csv', '--method', 'put'])
      expect(put.stderr).toContain('works without a Content-Type only')
      expect((await run(['presign', 'oss://reports/x.csv', '--expires', '1m'])).stderr).toBe('')
    }),
  )

  test.each([
    [
      'oss://reports/photo.jpg?x-oss-process=image/resize,w_200',
      '/reports/photo.jpg',
      'x-oss-process',
      'image/resize,w_200',
    ],
    ['oss://reports/a?b.csv?versionId=CAEQ', '/reports/a%3Fb.csv', 'versionId', 'CAEQ'],
    [
      'oss://reports/x?response-content-type=text%2Fplain&acl',
      '/reports/x',
      'response-content-type',
      'text/plain',
    ],
    ['oss://reports/what?really', '/reports/what%3Freally', 'versionId', null],
  ])('%s: query and key are told apart', async (address, path, name, value) => {
    await withOss(async ({ run }) => {
      const url = new URL((await run(['presign', address])).stdout.trim())
      expect([url.pathname, url.searchParams.get(name)]).toEqual([path, value])
      expect((await fetch(url)).status).toBe(404)
    })()
  })
})

test(
  '[case 157] a domain that may be bound to a bucket is named',
  withOss(async ({ home }) => {
    const words = [
      'oss',
      'presign',
      'oss://reports/x',
      '--region',
      'cn-hangzhou',
      '--expires',
      '1m',
      '--endpoint',
      'files.example.com',
    ]
    expect((await home.run(words)).stderr).toContain('--style cname')
    expect((await home.run([...words, '--style', 'cname'])).stderr).toBe('')
  }),
)

test(
  '[case 159] post-policy: curl uploads by the form, and only what it covers',
  withOss(async ({ oss, home, run }) => {
    const file = join(home.home, 'may.csv')
    writeFileSync(file, 'a,b')
    for (const more of [[], ['--v1']]) {
      const form = await run([
        'post-policy',
        'oss://reports/inbox/',
        '--prefix',
        '--max-size',
        '3',
        '--curl',
        ...more,
      ])
      expect(await curl(['--config', '-', '--form', `file=@${file}`], form.stdout)).toEqual({
        body: '',
        status: 204,
      })
      expect(oss.objects.get('reports/inbox/may.csv')?.text).toBe('a,b')
    }
    const json = JSON.parse(
      (await run(['post-policy', 'oss://reports/x', '--field', 'success_action_status=201'])).stdout,
    )
    expect(Object.keys(json)).toEqual(['url', 'fields', 'expiration'])
    expect(json.fields).toMatchObject({
      key: 'x',
      success_action_status: '201',
      'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    })
    writeFileSync(file, 'abcd')
    const form = await run(['post-policy', 'oss://reports/inbox/', '--prefix', '--max-size', '3', '--curl'])
    expect(await curl(['--config', '-', '--form', `file=@${file}`], form.stdout)).toMatchObject({
      status: 403,
    })
  }),
)
