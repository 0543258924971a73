import { printable } from '../../kit/index.ts'
import type { Message } from './message.ts'

/** What stands behind the session bus. `unknown` is an answer that we do not understand. */
export type SecretServiceState =
  | 'unlocked'
  | 'locked'
  | 'no-provider'
  | 'no-bus'
  | 'no-default-collection'
  | 'timeout'
  | 'unknown'

/** The Secret Service cannot do what it is asked for, in this state; `reason` says more, in words that follow a colon. */
export class SecretServiceFailure extends Error {
  readonly state: Exclude<SecretServiceState, 'unlocked'>
  readonly reason: string | undefined

  constructor(state: Exclude<SecretServiceState, 'unlocked'>, reason?: string) {
    super(reason === undefined ? state : `${state}: ${reason}`)
    this.state = state
    this.reason = reason
  }
}

/** What a D-Bus error in answer to one of our calls says about the service. */
export function failureOf({ errorName = '', signature, body }: Message): SecretServiceFailure {
  const text = signature.startsWith('s') ? body.string() : ''
  const reason = printable(text === '' ? errorName : text).replace(/\.$/, '')
  if (/\.(ServiceUnknown|NameHasNoOwner)$/.test(errorName)) return new SecretServiceFailure('no-provider')
  // There is one, and it did not start.
  if (/\.Spawn\.\w+$/.test(errorName)) return new SecretServiceFailure('no-provider', reason)
  if (/\.(IsLocked|Locked)$/.test(errorName)) return new SecretServiceFailure('locked')
  if (/\.(Unknown(Method|Object|Interface|Property)|NoSuchObject)$/.test(errorName))
    return new SecretServiceFailure('no-default-collection')
  if (/\.(NoReply|Timeout|TimedOut)$/.test(errorName)) return new SecretServiceFailure('timeout')
  return new SecretServiceFailure('unknown', reason)
}
