import { promisify } from 'node:util'
import { errorCode, SesameError } from '../kit/index.ts'
import { type RawAnswer, tooLarge } from './exchange.ts'
import { foreignText } from './redaction/scrub.ts'

/**
 * The body of an answer without its content coding (gzip, deflate, br). What unpacks to more than the limit is
 * refused before it is unpacked.
 *
 * @throws SesameError ERR_RESPONSE_INVALID
 */
export async function decodeBody(answer: RawAnswer, url: URL, maxBodyBytes: number): Promise<Buffer> {
  const codings = answer.headers
    .filter(([name]) => name === 'content-encoding')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  if (codings.length > 2) throw undecodable(url, codings.join(', '))
  let body = answer.body
  if (body.length === 0) return body
  for (const coding of codings.reverse()) body = await unpack(body, coding, url, maxBodyBytes)
  return body
}

async function unpack(body: Buffer, coding: string, url: URL, maxBodyBytes: number): Promise<Buffer> {
  const zlib = await import('node:zlib')
  const limit = { maxOutputLength: maxBodyBytes }
  try {
    if (coding === 'gzip' || coding === 'x-gzip') return await promisify(zlib.gunzip)(body, limit)
    if (coding === 'br') return await promisify(zlib.brotliDecompress)(body, limit)
    if (coding === 'deflate') {
      // RFC 9110 means the zlib format; some servers send the bare stream. The first nibble distinguishes them.
      const inflate = ((body[0] ?? 0) & 0x0f) === 0x08 ? zlib.inflate : zlib.inflateRaw
      return await promisify<Buffer, object, Buffer>(inflate)(body, limit)
    }
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(url, maxBodyBytes)
    throw undecodable(url, coding, error)
  }
  throw undecodable(url, coding)
}

function undecodable(url: URL, coding: string, cause?: unknown): SesameError {
  return new SesameError(
    'ERR_RESPONSE_INVALID',
    `The answer of ${url.host} cannot be decoded (content-encoding ${foreignText(coding, 60)}).`,
    { cause },
  )
}
