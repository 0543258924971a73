import { t } from '../../kit/index.ts'
import type { Bus, BusOptions } from './bus.ts'
import { SecretServiceFailure } from './failure.ts'
import { BodyWriter } from './marshalling.ts'
import type { Message } from './message.ts'

/*
 * The calls of the Secret Service that we need (Secret Service API 0.2). None of them opens a dialog: what needs one answers
 * with the path of a prompt, which is only shown when it is called (`ask-user.ts`).
 */

export interface SecretServiceOptions extends BusOptions {
  /** Whether there is a user who can answer a dialog; asked only where one is needed. */
  interactive: () => boolean
  /** Takes one line for that user. */
  warn: (line: string) => void
  /** How long that user may take; else two minutes. */
  userLimitMs?: number | undefined
}

/** By what an item is found: the same two attributes that the native binding of earlier versions wrote. */
export type Attributes = Record<string, string>

/** Where the Secret Service answers, on every bus. */
export const destination = 'org.freedesktop.secrets'
export const defaultCollection = '/org/freedesktop/secrets/aliases/default'
/** In the place of a path: there is none. */
export const noPath = '/'

/** Whether a collection or an item is locked; of a path without an object: `no-default-collection`. */
export async function isLocked(bus: Bus, path: string, kind: 'Collection' | 'Item'): Promise<boolean> {
  const locked = await property(bus, path, kind, 'Locked')
  if (locked === 0 || locked === 1) return locked === 1
  throw new SecretServiceFailure('unknown', t('the keyring service does not say whether it is locked'))
}

/** One property of a basic type. */
export async function property(
  bus: Bus,
  path: string,
  kind: 'Collection' | 'Item',
  name: string,
): Promise<string | number | Buffer | undefined> {
  const body = new BodyWriter().string(`org.freedesktop.Secret.${kind}`).string(name)
  const answer = await bus.call({
    destination,
    path,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    signature: 'ss',
    body,
  })
  return answer.signature === 'v' ? answer.body.variant() : undefined
}

/**
 * A session in which secrets travel as they are: a process that can listen on the user's socket may request the item as well, and
 * no library is needed to agree on a key.
 */
export async function openSession(bus: Bus): Promise<string> {
  const body = new BodyWriter().string('plain').signature('s').string('')
  const { body: answer } = await callService(bus, 'OpenSession', 'sv', body)
  // Nothing to agree on: an empty text, or with KWallet no bytes.
  answer.variant()
  return answer.string()
}

/** The path of the default collection. */
export async function readAlias(bus: Bus): Promise<string> {
  const { body } = await callService(bus, 'ReadAlias', 's', new BodyWriter().string('default'))
  const path = body.string()
  if (path === noPath) throw new SecretServiceFailure('no-default-collection')
  return path
}

/** Every item with these attributes, in every collection. */
export async function searchItems(
  bus: Bus,
  attributes: Attributes,
): Promise<{ unlocked: string[]; locked: string[] }> {
  const { body } = await callService(bus, 'SearchItems', 'a{ss}', new BodyWriter().stringMap(attributes))
  return { unlocked: body.strings(), locked: body.strings() }
}

/** A method of the service itself. */
export function callService(bus: Bus, member: string, signature: string, body: BodyWriter): Promise<Message> {
  return bus.call({
    destination,
    path: '/org/freedesktop/secrets',
    interface: 'org.freedesktop.Secret.Service',
    member,
    signature,
    body,
  })
}

/** Of several items of one name (a keyring that was restored) the one that was changed last counts. */
export async function newestOf(bus: Bus, items: readonly string[]): Promise<string | undefined> {
  if (items.length < 2) return items[0]
  const times = await Promise.all(items.map((item) => timeOf(bus, item)))
  const newest = Math.max(...times)
  return items[times.indexOf(newest)]
}

async function timeOf(bus: Bus, item: string): Promise<number> {
  try {
    const time = await property(bus, item, 'Item', 'Modified')
    return typeof time === 'number' ? time : 0
  } catch (error) {
    if (isGone(error)) return -1
    throw error
  }
}

/** An object that was there a moment ago and is not any more: another process was quicker. */
export function isGone(error: unknown): boolean {
  return error instanceof SecretServiceFailure && error.state === 'no-default-collection'
}
