import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Oss, type OssAccessKey, startOss } from '../../mocks/index.ts'
import { type OssPostPolicy, postPolicyV1, postPolicyV4 } from '../../src/oss/index.ts'
import { aliOss } from './oracle.ts'

const temporary: OssAccessKey = {
  accessKeyId: 'STS.NMock',
  accessKeySecret: 'temporary-secret',
  securityToken: 'CAIS+mock/token==',
  expiresAt: new Date(Date.now() + 7200_000),
}
let oss: Oss
beforeAll(async () => {
  oss = await startOss({ credentials: [temporary] })
})
afterAll(() => oss.close())

const at = () => ({ region: 'cn-hangzhou', endpoint: oss.url, now: new Date(), expiresSeconds: 60 })
const now = new Date('2024-07-13T13:34:14Z')
const permanent = { accessKeyId: 'access_key_id', accessKeySecret: 'access_key_secret' }

describe('[case 159] the signature', () => {
  /** Published with alibaba_cloud_kit (Elixir), whose test of PostObject states it. */
  test('V4: a published vector', () => {
    const key = 'object/presign_post_object.png'
    const conditions = [
      ['eq', '$x-oss-object-acl', 'private'],
      ['content-length-range', 1, 104857600],
    ]
    const { fields, url } = postPolicyV4({ bucket: 'example-bucket', key, conditions }, permanent, {
      region: 'oss-us-west-1',
      now,
    })
    expect(url).toBe('https://example-bucket.oss-us-west-1.aliyuncs.com/')
    expect(fields).toEqual({
      key,
      policy:
        'eyJjb25kaXRpb25zIjpbeyJidWNrZXQiOiJleGFtcGxlLWJ1Y2tldCJ9LHsieC1vc3Mtc2lnbmF0dXJlLXZlcnNpb24iOiJPU1M0LUhNQUMtU0hBMjU2In0seyJ4LW9zcy1jcmVkZW50aWFsIjoiYWNjZXNzX2tleV9pZC8yMDI0MDcxMy91cy13ZXN0LTEvb3NzL2FsaXl1bl92NF9yZXF1ZXN0In0seyJ4LW9zcy1kYXRlIjoiMjAyNDA3MTNUMTMzNDE0WiJ9LFsiZXEiLCIka2V5Iiwib2JqZWN0L3ByZXNpZ25fcG9zdF9vYmplY3QucG5nIl0sWyJlcSIsIiR4LW9zcy1vYmplY3QtYWNsIiwicHJpdmF0ZSJdLFsiY29udGVudC1sZW5ndGgtcmFuZ2UiLDEsMTA0ODU3NjAwXV0sImV4cGlyYXRpb24iOiIyMDI0LTA3LTEzVDE0OjM0OjE0WiJ9',
      'x-oss-credential': 'access_key_id/20240713/us-west-1/oss/aliyun_v4_request',
      'x-oss-date': '20240713T133414Z',
      'x-oss-signature': '43fb9eb04136cdaaab110bfb33c4c7daba4beebdad63889e7f3a460242596d04',
      'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    })
  })

  test('V4 and V1: as the SDK of the vendor signs the same policy', () => {
    const policy = {
      bucket: 'reports',
      key: 'inbox/ü',
      isPrefix: true,
      fields: { success_action_status: '201' },
    }
    const v4 = postPolicyV4(policy, temporary, { region: 'cn-beijing', now }).fields
    expect(v4['x-oss-signature']).toBe(
      aliOss.getSignatureV4(temporary.accessKeySecret, '20240713', 'cn-beijing', v4.policy ?? ''),
    )
    const v1 = postPolicyV1(policy, temporary, { region: 'cn-beijing', now }).fields
    const calculatePostSignature = createRequire(import.meta.url)(
      'ali-oss/lib/common/object/calculatePostSignature.js',
    ).calculatePostSignature as (this: object, policy: string) => Record<string, string>
    const text = Buffer.from(v1.policy ?? '', 'base64').toString()
    expect(v1).toMatchObject(calculatePostSignature.call({ options: temporary }, text))
  })
})

describe.each([
  ['V4', postPolicyV4],
  ['V1', postPolicyV1],
] as const)('[case 159] a form with %s, before a strict OSS', (_version, postPolicy) => {
  async function upload(policy: OssPostPolicy, change: (form: FormData) => void = () => {}, text = 'a,b') {
    const { url, fields } = postPolicy(policy, temporary, at())
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    change(form)
    form.append('file', new Blob([text]), 'may.csv')
    const response = await fetch(url, { method: 'POST', body: form })
    return { status: response.status, text: await response.text() }
  }

  test('uploads under the name that was signed, or below its prefix', async () => {
    expect(await upload({ bucket: 'reports', key: 'exact.csv' })).toMatchObject({ status: 204 })
    expect(oss.objects.get('reports/exact.csv')?.text).toBe('a,b')
    const policy = { bucket: 'reports', key: 'inbox/', isPrefix: true, maxBytes: 3 }
    expect(await upload({ ...policy, fields: { success_action_status: '201' } })).toMatchObject({
      status: 201,
    })
    expect(oss.objects.get('reports/inbox/may.csv')?.text).toBe('a,b')
  })

  test.each<[string, OssPostPolicy, (form: FormData) => void, string?]>([
    ['another name', { bucket: 'reports', key: 'exact.csv' }, (form) => form.set('key', 'other.csv')],
    [
      'a name outside the prefix',
      { bucket: 'reports', key: 'in/', isPrefix: true },
      (form) => form.set('key', 'out'),
    ],
    ['a larger file', { bucket: 'reports', key: 'x', maxBytes: 3 }, () => {}, 'abcd'],
    ['a smaller file', { bucket: 'reports', key: 'x', minBytes: 4 }, () => {}],
    [
      'another value of a field',
      { bucket: 'reports', key: 'x', fields: { 'content-type': 'text/csv' } },
      (form) => form.set('content-type', 'text/html'),
    ],
    [
      'what a condition excludes',
      { bucket: 'reports', key: 'x', conditions: [['in', '$content-type', ['image/png']]] },
      (form) => form.set('content-type', 'text/html'),
    ],
  ])('does not upload %s', async (_what, policy, change, text) => {
    expect(await upload(policy, change, text)).toMatchObject({ status: 403 })
  })
})

test('[case 159] what a policy cannot be is ERR_USAGE', () => {
  const policy = { bucket: 'reports', key: 'x' }
  for (const wrong of [
    { key: 'x' },
    { bucket: 'reports' },
    { ...policy, isPrefix: 'yes' },
    { ...policy, maxBytes: -1 },
    { ...policy, maxBytes: 1.5 },
    { ...policy, minBytes: 2, maxBytes: 1 },
    { ...policy, fields: { file: 'x' } },
    { ...policy, fields: { 'x-oss-signature': 'x' } },
    { ...policy, fields: { 'a"b': 'x' } },
    { ...policy, fields: new Map([['a', 'b']]) },
    { ...policy, conditions: 'all' },
  ])
    expect(
      () => postPolicyV4(wrong as never, permanent, { region: 'cn-hangzhou', now }),
      JSON.stringify(wrong),
    ).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }))
})
