import { printable, SesameError } from '../kit/index.ts'

/** What a caller asks for and cannot have, in one sentence. */
export function refused(message: string): SesameError {
  return new SesameError('ERR_USAGE', message)
}

/** A name that the caller chose, as it may stand in such a sentence. */
export function quoted(name: string): string {
  return printable(JSON.stringify(name), 100)
}
