import { type Certificate, makeCertificate } from './tls/certificate.ts'

/** A certification authority made for one run; its key never leaves the process. */
export interface TestCa {
  /** The CA certificate (PEM), for `ca` options and NODE_EXTRA_CA_CERTS. */
  ca: string
  /** Makes a server certificate signed by this CA. Default hosts: `127.0.0.1` and `localhost`. */
  issue(options?: IssueOptions): ServerCertificate
}

export interface IssueOptions {
  hosts?: readonly string[]
  /** The certificate's life ended yesterday. */
  expired?: boolean
  /** The certificate's life begins tomorrow. */
  notYetValid?: boolean
  /** Signed with its own key, not by the CA. */
  selfSigned?: boolean
  /** The server also sends the CA certificate, as some misconfigured ones do. */
  withCaInChain?: boolean
}

/** What a TLS server needs, PEM. */
export interface ServerCertificate {
  key: string
  cert: string
}

/** What `makeServerTls` can get wrong, and the `code` of Node's TLS client for it. */
export type TlsVariant =
  /** Trusted with `ca`; without it UNABLE_TO_VERIFY_LEAF_SIGNATURE. */
  | 'valid'
  /** CERT_HAS_EXPIRED */
  | 'expired'
  /** CERT_NOT_YET_VALID */
  | 'not-yet-valid'
  /** ERR_TLS_CERT_ALTNAME_INVALID: the certificate names another host. */
  | 'wrong-host'
  /** DEPTH_ZERO_SELF_SIGNED_CERT */
  | 'self-signed'
  /** Without `ca` SELF_SIGNED_CERT_IN_CHAIN: the server sends its root, which no client trusts. */
  | 'root-in-chain'

const dayMs = 86_400_000
const localHosts = ['127.0.0.1', 'localhost']

export function createTestCa(commonName = 'sesame mock CA'): TestCa {
  const authority = makeCertificate({ commonName, isCa: true, ...lifeAround(-30, 30) })
  return {
    ca: authority.cert,
    issue(options = {}) {
      const hosts = options.hosts ?? localHosts
      const life = options.expired
        ? lifeAround(-9, -1)
        : options.notYetValid
          ? lifeAround(1, 9)
          : lifeAround(-1, 9)
      const request = { commonName: hosts[0] ?? 'localhost', hosts, ...life }
      const leaf: Certificate = makeCertificate(request, options.selfSigned ? undefined : authority)
      return { key: leaf.key, cert: options.withCaInChain ? leaf.cert + authority.cert : leaf.cert }
    },
  }
}

/** A server certificate of the given variant, and the CA that a client would be configured to trust. */
export function makeServerTls(variant: TlsVariant = 'valid'): ServerCertificate & { ca: string } {
  const authority = createTestCa()
  const options: Record<TlsVariant, IssueOptions> = {
    valid: {},
    expired: { expired: true },
    'not-yet-valid': { notYetValid: true },
    'wrong-host': { hosts: ['elsewhere.example.test'] },
    'self-signed': { selfSigned: true },
    'root-in-chain': { withCaInChain: true },
  }
  return { ...authority.issue(options[variant]), ca: authority.ca }
}

function lifeAround(fromDays: number, toDays: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now + fromDays * dayMs), notAfter: new Date(now + toDays * dayMs) }
}
