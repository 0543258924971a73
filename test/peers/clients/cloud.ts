import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  makeServerTls,
  type RecordedRequest,
  readAcs3,
  readOssSignature,
  type SignedRequest,
  startHttpServer,
} from '../../../mocks/index.ts'
import { readAws4 } from '../../../mocks/signature/aws4.ts'
import { readLogSignature } from '../../../mocks/signature/log.ts'
import { readOdpsSignature } from '../../../mocks/signature/odps.ts'
import { readRpc1 } from '../../../mocks/signature/rpc1.ts'
import type { TestPortal } from '../../support/portal.ts'

/** A request that reached a service. */
export interface SignedCall {
  /** Undefined for a request without a signature. */
  accessKeyId: string | undefined
  /** True when its signature is the one that the portal's secret for its security token makes, and the token has not expired. */
  isRight: boolean
  /** What it says as `RegionId`. */
  region: string | undefined
}

/** What clients call: services of the cloud on loopback that compute each signature again. */
export interface Cloud {
  /** `127.0.0.1:PORT` for http. */
  host: string
  /** The same for https, and the file with the certificate of its CA (PEM). */
  tlsHost: string
  caFile: string
  /** All requests so far. */
  calls: SignedCall[]
  stop(): Promise<void>
}

const identity = {
  RequestId: '00000000-0000-4000-8000-000000000000',
  AccountId: '1432949406168187',
  Arn: 'acs:ram::1432949406168187:assumed-role/sso/dev',
  IdentityType: 'AssumedRoleUser',
  PrincipalId: '300000000000000001:dev',
  RoleId: '300000000000000001',
}

const noBuckets = `<?xml version="1.0" encoding="UTF-8"?>
<ListAllMyBucketsResult><Owner><ID>1432949406168187</ID><DisplayName>1432949406168187</DisplayName></Owner>
<Prefix></Prefix><Marker></Marker><MaxKeys>100</MaxKeys><IsTruncated>false</IsTruncated><NextMarker></NextMarker>
<Buckets></Buckets></ListAllMyBucketsResult>`

interface Service {
  read(request: RecordedRequest): SignedRequest | undefined
  /** What a rightly signed request is answered with. */
  answer: { status: number; body: object | string; headers?: Record<string, string> }
}

const buckets: Service['answer'] = {
  status: 200,
  body: noBuckets,
  headers: { 'content-type': 'application/xml' },
}

const noLogProjects: Service['answer'] = {
  status: 200,
  body: { count: 0, total: 0, projects: [] },
  headers: { 'x-log-requestid': identity.RequestId },
}

const noProjects: Service['answer'] = {
  status: 200,
  body: '<?xml version="1.0"?><Projects><MaxItems>0</MaxItems></Projects>',
  headers: { 'content-type': 'application/xml' },
}

/** By the form of the signature: GetCallerIdentity of STS; the buckets of OSS; the projects of SLS and of MaxCompute. */
const services: readonly Service[] = [
  { read: readAcs3, answer: { status: 200, body: identity } },
  { read: readRpc1, answer: { status: 200, body: identity } },
  { read: (request) => readOssSignature(request), answer: buckets },
  { read: readAws4, answer: buckets },
  { read: readLogSignature, answer: noLogProjects },
  { read: (request) => readOdpsSignature(request, '/api'), answer: noProjects },
]

/** Starts them; they know the credentials that this portal gives out, and no others. */
export async function startCloud(portal: TestPortal): Promise<Cloud> {
  const calls: SignedCall[] = []
  const keyOf = rememberKeys(portal)
  const fallback = (request: RecordedRequest) => {
    for (const { read, answer } of services) {
      const signed = read(request)
      if (signed === undefined) continue
      const key = keyOf(signed.securityToken)
      const isExpired = key !== undefined && key.expiresAt <= Date.now()
      const isRight = key !== undefined && !isExpired && signed.isSignedWith(key.secret)
      calls.push({ accessKeyId: signed.accessKeyId, isRight, region: request.query.RegionId })
      if (isRight) return answer
      return refusal(isExpired ? 'SecurityTokenExpired' : 'SignatureDoesNotMatch', answer)
    }
    calls.push({ accessKeyId: undefined, isRight: false, region: undefined })
    return refusal('IncompleteSignature')
  }
  const { ca, ...tls } = makeServerTls()
  const plain = await startHttpServer<never>({ routes: {}, fallback })
  const secure = await startHttpServer<never>({ routes: {}, fallback, tls })
  const directory = mkdtempSync(join(tmpdir(), 'sesame-cloud-'))
  const caFile = join(directory, 'ca.pem')
  writeFileSync(caFile, ca)
  return {
    host: `127.0.0.1:${plain.port}`,
    tlsHost: `127.0.0.1:${secure.port}`,
    caFile,
    calls,
    async stop() {
      await plain.close()
      await secure.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

interface Key {
  secret: string
  expiresAt: number
}

/** Sees what the portal gives out from now on; finds a key by its security token. */
function rememberKeys(portal: TestPortal): (securityToken: string | undefined) => Key | undefined {
  const keys = new Map<string, Key>()
  const remember = (body: Record<string, unknown>) => {
    const { AccessKeySecret, SecurityToken, Expiration } = body.CloudCredential as Record<string, string>
    keys.set(SecurityToken ?? '', { secret: AccessKeySecret ?? '', expiresAt: Date.parse(Expiration ?? '') })
    return body
  }
  portal.transform('POST /cloud-credentials', remember, { times: Number.POSITIVE_INFINITY })
  return (securityToken = '') => keys.get(securityToken)
}

/** In the words of the service: OSS answers in XML, and its SDKs read nothing else. */
function refusal(Code: string, { headers }: Partial<Service['answer']> = {}): Service['answer'] {
  const { RequestId } = identity
  if (headers?.['content-type'] !== 'application/xml')
    return { status: 403, body: { Code, Message: 'No.', RequestId } }
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>${Code}</Code><Message>No.</Message><RequestId>${RequestId}</RequestId></Error>`
  return { status: 403, body, headers }
}
