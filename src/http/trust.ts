import type { SecureContext } from 'node:tls'
import { fileReason, readRegularFile } from '../files/index.ts'
import { errorCode, type FixedText, printable, SesameError, t } from '../kit/index.ts'

/** More than all public roots together. */
const maxFileBytes = 4 * 1024 * 1024

/**
 * What a connection trusts: Node's defaults (which include NODE_EXTRA_CA_CERTS), or those plus the certificates of
 * SESAME_CA_FILE. That file is read at once; the context, some 150 parsed roots and 30 ms, is made at the first
 * call and then kept, so that the caller can have it made while something else takes its time.
 *
 * @throws SesameError ERR_TLS when the file is missing or holds no certificate
 */
export function trustedRoots(
  caFile: string | undefined,
  extraCaFile: string | undefined,
): () => SecureContext {
  const own = readOwnCertificates(caFile)
  let made: SecureContext | undefined
  return () => {
    // `ca` replaces the defaults, so they are spelled out.
    const ca = own && made === undefined && [...defaultRoots(extraCaFile), ...own]
    made ??= loadTls().createSecureContext({ minVersion: 'TLSv1.2', ...(ca && { ca }) })
    return made
  }
}

/**
 * The certificates of SESAME_CA_FILE; undefined when it is not set.
 * @throws SesameError ERR_TLS when the file is missing or holds no certificate
 */
export function readOwnCertificates(caFile: string | undefined): string[] | undefined {
  return caFile === undefined || caFile === '' ? undefined : readCertificates(caFile)
}

/** What is trusted without SESAME_CA_FILE. `extraCaFile`: NODE_EXTRA_CA_CERTS, which older Nodes leave out of what they report. */
export function defaultRoots(extraCaFile: string | undefined): readonly string[] {
  // Newer Nodes say what they trust, the system's store included.
  const tls = loadTls()
  const { getCACertificates } = tls as typeof tls & { getCACertificates?: (kind: string) => string[] }
  if (getCACertificates) return getCACertificates('default')
  return [...tls.rootCertificates, ...readExtraCertificates(extraCaFile)]
}

/** NODE_EXTRA_CA_CERTS: a file that cannot be used is no error here, since Node itself only warns of it. */
export function readExtraCertificates(file: string | undefined): string[] {
  if (file === undefined || file === '') return []
  try {
    return pemBlocks(readRegularFile(file, maxFileBytes))
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return []
  }
}

function readCertificates(file: string): string[] {
  const content = contentOf(file)
  const blocks = pemBlocks(content)
  if (blocks.length === 0) throw unusable(file, t('it holds no PEM certificate'))
  const { X509Certificate } = process.getBuiltinModule('node:crypto')
  for (const block of blocks) {
    try {
      new X509Certificate(block)
    } catch (error) {
      throw unusable(file, t('it holds a broken certificate'), error)
    }
  }
  return blocks
}

function contentOf(file: string): string {
  try {
    return readRegularFile(file, maxFileBytes)
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    const reasons: Record<string, FixedText> = {
      EINVAL: 'it is not a regular file',
      EFBIG: 'it is larger than 4 MB',
    }
    const known = reasons[code]
    const reason = known
      ? t(known)
      : t('it cannot be read ({code}): {reason}', { code, reason: fileReason(file, error) })
    throw unusable(file, reason, error)
  }
}

/** The PEM certificates in a text. */
export function pemBlocks(content: string): string[] {
  const block =
    /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g
  return content.match(block) ?? []
}

function unusable(file: string, reason: string, cause?: unknown): SesameError {
  return new SesameError(
    'ERR_TLS',
    t('SESAME_CA_FILE names {file}: {reason}.', { file: printable(file), reason }),
    {
      hint: t('Set SESAME_CA_FILE to a file of PEM certificates, or unset it.'),
      cause,
    },
  )
}

/** Not before it is needed: most programs that have this module never verify a certificate. */
function loadTls() {
  return process.getBuiltinModule('node:tls')
}
