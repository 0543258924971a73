import type { Reply } from '../../http/reply.ts'
import type { DeviceError, Dialect } from './dialect.ts'

/** A refusal in the words and with the members of the provider. */
export function refuse(
  dialect: Dialect,
  error: string,
  description: string,
  status = dialect.status.other,
): Reply {
  const word = dialect.words?.[error as DeviceError] ?? error
  return { status, body: { error: word, ...dialect.errorExtras(word, description) } }
}
