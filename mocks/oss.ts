import { randomBytes } from 'node:crypto'
import type { RecordedRequest } from './http/recorded-request.ts'
import type { Reply } from './http/reply.ts'
import { type HttpServer, startHttpServer } from './http-server.ts'
import { keyLookup, type OssAccessKey, type OssKeyLookup } from './oss/access-keys.ts'
import { addressOf, type OssAddress } from './oss/address.ts'
import { answerBucket, answerService } from './oss/buckets.ts'
import { checkSignature } from './oss/check-signature.ts'
import { answerObject, type ObjectStore } from './oss/objects.ts'
import { postObject } from './oss/post-object.ts'
import { type OssRefusal, refusalReply } from './oss/refusal.ts'

export interface OssOptions {
  /** The keys it knows, or how to find one by its id. */
  credentials: readonly OssAccessKey[] | OssKeyLookup
  /** V4 signatures must be for it. Default `cn-hangzhou`. */
  region?: string
  product?: string
  /** The buckets there are at first. Default `reports`. */
  buckets?: readonly string[]
  /** Domains bound to a bucket: `{ 'files.example.com': 'reports' }`. */
  cnames?: Readonly<Record<string, string>>
  /** Server clock minus true time. */
  dateOffsetSeconds?: number
  /** 0 (default) takes any free port. */
  port?: number
  tls?: { key: string; cert: string }
}

/** A refusal that was sent. */
export interface SentRefusal extends OssRefusal {
  requestId: string
  method: string
  path: string
}

export interface Oss extends HttpServer<never> {
  /** `bucket/key` to object. */
  objects: ObjectStore
  buckets: Set<string>
  refusals: SentRefusal[]
  /** What each request that was let in was about. */
  served: OssAddress[]
  /** May be changed while running. */
  dateOffsetSeconds: number
}

/**
 * Starts a strict OSS on 127.0.0.1. Every request must be signed, V1 or V4, in its headers or its URL; the signature is computed
 * again. Bucket by host name (`bucket.oss-….aliyuncs.com`), bound domain, or path.
 */
export async function startOss(options: OssOptions): Promise<Oss> {
  const { region = 'cn-hangzhou', product = 'oss', buckets = ['reports'], cnames = {}, port, tls } = options
  const findKey = keyLookup(options.credentials)
  const state = {
    objects: new Map() as ObjectStore,
    buckets: new Set(buckets),
    refusals: [] as SentRefusal[],
    served: [] as OssAddress[],
  }
  let { dateOffsetSeconds = 0 } = options
  const now = () => new Date(Date.now() + dateOffsetSeconds * 1000)

  const answer = (request: RecordedRequest): Reply | OssRefusal => {
    const address = addressOf(request, cnames)
    if (address === undefined)
      return { status: 400, code: 'InvalidURI', message: "Couldn't parse the specified URI." }
    if (request.method === 'POST' && isForm(request) && address.key === '' && address.bucket !== undefined) {
      // A form is signed by its policy alone.
      if (!state.buckets.has(address.bucket)) return noSuchBucket(address.bucket)
      return postObject(request, address.bucket, {
        findKey,
        region,
        product,
        now: now(),
        objects: state.objects,
      })
    }
    const wrong = checkSignature(request, address, { findKey, region, product, now: now() })
    if (wrong !== undefined) return wrong
    state.served.push(address)
    const { bucket, key } = address
    if (bucket === undefined) return answerService(request, state.buckets)
    const creates = request.method === 'PUT' && key === ''
    if (!state.buckets.has(bucket) && !creates) return noSuchBucket(bucket)
    if (key === '') return answerBucket(request, bucket, state.buckets, state.objects)
    return answerObject(request, address, state.objects, now())
  }

  const server = await startHttpServer<never>({
    routes: {},
    ...(port === undefined ? {} : { port }),
    ...(tls === undefined ? {} : { tls }),
    standardHeaders: () => ({ date: now().toUTCString(), server: 'AliyunOSS' }),
    fallback: (request) => {
      const requestId = randomBytes(12).toString('hex').toUpperCase()
      const result = answer(request)
      const reply = 'code' in result ? refuse(result, request, requestId) : result
      return { ...reply, headers: { ...reply.headers, 'x-oss-request-id': requestId } }
    },
  })

  function refuse(refusal: OssRefusal, request: RecordedRequest, requestId: string): Reply {
    const { method, path, headers } = request
    state.refusals.push({ ...refusal, requestId, method, path })
    return refusalReply(refusal, headers.host ?? '', requestId)
  }

  // `server` has live getters: it is extended, not copied.
  return Object.defineProperty(Object.assign(server, state), 'dateOffsetSeconds', {
    get: () => dateOffsetSeconds,
    set: (seconds: number) => {
      dateOffsetSeconds = seconds
    },
  }) as Oss
}

function noSuchBucket(bucket: string): OssRefusal {
  return {
    status: 404,
    code: 'NoSuchBucket',
    message: 'The specified bucket does not exist.',
    ec: '0015-00000101',
    details: { BucketName: bucket },
  }
}

function isForm({ headers }: RecordedRequest): boolean {
  return /^multipart\/form-data/i.test(headers['content-type'] ?? '')
}
