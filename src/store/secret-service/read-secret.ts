import { type Bus, withBus } from './bus.ts'
import { BodyWriter } from './marshalling.ts'
import {
  type Attributes,
  defaultCollection,
  destination,
  isGone,
  isLocked,
  newestOf,
  openSession,
  type SecretServiceOptions,
  searchItems,
} from './service.ts'

/**
 * Reads one item by its attributes; undefined when there is none. No library is loaded and no key agreed on. A dialog opens only if
 * there is a user who can answer it.
 *
 * @throws SecretServiceFailure
 */
export function readSecret(
  options: SecretServiceOptions,
  attributes: Attributes,
): Promise<Buffer | undefined> {
  return withBus(options, async (bus) => {
    const session = await openUnlocked(bus, options)
    const { unlocked, locked } = await searchItems(bus, attributes)
    if (unlocked.length === 0 && locked.length > 0)
      await (await import('./ask-user.ts')).unlock(bus, locked, 'Item', options)
    const item = await newestOf(bus, unlocked.length === 0 ? locked : unlocked)
    return item === undefined ? undefined : getSecret(bus, item, session)
  })
}

/**
 * A session with the default collection unlocked. Nothing may be searched before: a locked KeePassXC answers a search with a
 * dialog.
 */
export async function openUnlocked(bus: Bus, options: SecretServiceOptions): Promise<string> {
  const [locked, session] = await Promise.all([
    isLocked(bus, defaultCollection, 'Collection'),
    openSession(bus),
  ])
  if (locked) await (await import('./ask-user.ts')).unlockDefault(bus, options)
  return session
}

async function getSecret(bus: Bus, item: string, session: string): Promise<Buffer | undefined> {
  try {
    const { body } = await bus.call({
      destination,
      path: item,
      interface: 'org.freedesktop.Secret.Item',
      member: 'GetSecret',
      signature: 'o',
      body: new BodyWriter().string(session),
    })
    // The struct (oayays): session, parameters of the algorithm, value, content type.
    body.string()
    body.byteArray()
    const bytes = body.byteArray()
    // What an interrupted deletion leaves: it is overwritten first.
    return bytes.length === 0 ? undefined : bytes
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}
