import { type Explanation, otherSpellings, stsErrorCodes } from './sts-error-codes.ts'

const longestCode = 100

/** Gateways differ in the case of a code. */
const byPlainName = new Map([
  ...Object.entries(otherSpellings).map(
    ([name, known]) => [name.toLowerCase(), stsErrorCodes[known]] as const,
  ),
  ...Object.entries(stsErrorCodes).map(([name, entries]) => [name.toLowerCase(), entries] as const),
])

/**
 * Explains an error code of STS; a code that is not known is explained by what stands before its last dot
 * (`Throttling.User`). Undefined when that is unknown, too.
 */
export function explainStsCode(serverCode: string, message: string): Explanation | undefined {
  // Cut: a hostile code of dots alone would otherwise keep this busy.
  const begin = serverCode.slice(0, longestCode)
  for (let name = begin; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const entries = byPlainName.get(name.toLowerCase())
    if (entries !== undefined) return entries.find((entry) => entry.message?.test(message) ?? true)
  }
  return undefined
}

/** True for the refusals of a request whose time is too far from the server's. */
export function isClockRefusal(serverCode: string | undefined): boolean {
  return serverCode !== undefined && /^(?:InvalidTimeStamp|IllegalTimestamp)(?:\.|$)/i.test(serverCode)
}
