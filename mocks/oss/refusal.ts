import type { Reply } from '../http/reply.ts'
import { xmlDocument } from './xml.ts'

/** Why a request is refused, as OSS says it. */
export interface OssRefusal {
  status: number
  /** `<Code>`, such as SignatureDoesNotMatch. */
  code: string
  message: string
  /** `<EC>`, the number of the exact cause, where it is documented. */
  ec?: string
  /** Further elements of the answer. */
  details?: Record<string, string>
}

/** The XML answer of a refusal. https://help.aliyun.com/zh/oss/support/error-response */
export function refusalReply(
  { status, code, message, ec, details }: OssRefusal,
  host: string,
  requestId: string,
): Reply {
  const content = { Code: code, Message: message, RequestId: requestId, HostId: host, ...details }
  return {
    status,
    headers: { 'content-type': 'application/xml', ...(ec === undefined ? {} : { 'x-oss-ec': ec }) },
    body: xmlDocument('Error', ec === undefined ? content : { ...content, EC: ec }),
  }
}
