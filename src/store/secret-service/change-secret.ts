import { t } from '../../kit/index.ts'
import { askUser, finish, unlock } from './ask-user.ts'
import { type Bus, withBus } from './bus.ts'
import { SecretServiceFailure } from './failure.ts'
import { BodyWriter, longestMessage } from './marshalling.ts'
import { openUnlocked } from './read-secret.ts'
import {
  type Attributes,
  destination,
  isGone,
  newestOf,
  noPath,
  readAlias,
  type SecretServiceOptions,
  searchItems,
} from './service.ts'

/** What one message may carry; the value is the only long part of it. */
const longestValue = longestMessage - 2 ** 14

/**
 * Writes one item into the default collection, over the one that is there; others of the same name go.
 *
 * @throws SecretServiceFailure
 */
export function writeSecret(
  options: SecretServiceOptions,
  { attributes, label }: { attributes: Attributes; label: string },
  bytes: Uint8Array,
): Promise<void> {
  if (bytes.length > longestValue)
    throw new SecretServiceFailure(
      'unknown',
      t('a value of {count} bytes cannot be kept', { count: bytes.length }),
    )
  return withBus(options, async (bus) => {
    const session = await openUnlocked(bus, options)
    const collection = await readAlias(bus)
    const { unlocked, locked } = await searchItems(bus, attributes)
    const isHere = (path: string) => path.startsWith(`${collection}/`)
    const lockedHere = locked.filter(isHere)
    if (lockedHere.length > 0) await unlock(bus, lockedHere, 'Item', options)
    const secret = { session, bytes }
    const before = await newestOf(bus, [...unlocked.filter(isHere), ...lockedHere])
    const written =
      before !== undefined && (await setSecret(bus, before, secret))
        ? before
        : await createItem(bus, { collection, attributes, label, secret }, options)
    for (const other of [...unlocked, ...lockedHere]) {
      if (other !== written) await removeOne(bus, other, session, options).catch(ignoreFailure)
    }
  })
}

/**
 * Deletes every item with these attributes; true when there was one. What a password manager keeps of a deleted entry is empty: the
 * secret is overwritten before.
 *
 * @throws SecretServiceFailure
 */
export function removeSecret(options: SecretServiceOptions, attributes: Attributes): Promise<boolean> {
  return withBus(options, async (bus) => {
    const session = await openUnlocked(bus, options)
    const { unlocked, locked } = await searchItems(bus, attributes)
    const remove = (item: string) => removeOne(bus, item, session, options)
    for (const item of unlocked) await remove(item)
    if (locked.length > 0) await unlock(bus, locked, 'Item', options)
    for (const item of locked) await remove(item)
    return unlocked.length + locked.length > 0
  })
}

function ignoreFailure(error: unknown): void {
  if (!(error instanceof SecretServiceFailure)) throw error
}

interface SecretValue {
  session: string
  bytes: Uint8Array
}

/** Overwrites and deletes one item. */
async function removeOne(
  bus: Bus,
  item: string,
  session: string,
  options: SecretServiceOptions,
): Promise<void> {
  const empty = { session, bytes: new Uint8Array() }
  const overwritten = await setSecret(bus, item, empty).catch(ignoreFailure)
  const deletion = bus.call({ ...callItem(item), member: 'Delete' })
  const prompt = (await unlessGone(deletion))?.body.string() ?? noPath
  if (prompt === noPath) return
  const asked = askUser(bus, prompt, 'change', options)
  // The secret is gone already: an empty entry that stays is no failure.
  await (overwritten ? asked.catch(ignoreFailure) : asked)
}

/** Undefined when another process was quicker and removed the item. */
async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** False when there is no such item any more. */
async function setSecret(bus: Bus, item: string, secret: SecretValue): Promise<boolean> {
  const body = putSecret(new BodyWriter(), secret)
  const call = bus.call({ ...callItem(item), member: 'SetSecret', signature: '(oayays)', body })
  return (await unlessGone(call)) !== undefined
}

function callItem(path: string) {
  return { destination, path, interface: 'org.freedesktop.Secret.Item' }
}

interface NewItem {
  collection: string
  attributes: Attributes
  label: string
  secret: SecretValue
}

/** `replace`: of processes that write the same item at the same time none adds a second one. The result is the item's path. */
async function createItem(
  bus: Bus,
  { collection, attributes, label, secret }: NewItem,
  options: SecretServiceOptions,
): Promise<string> {
  const body = new BodyWriter()
  const property = (name: string) => body.align(8).string(`org.freedesktop.Secret.Item.${name}`)
  body.array(8, () => {
    property('Label').signature('s').string(label)
    property('Attributes').signature('a{ss}').stringMap(attributes)
  })
  putSecret(body, secret).boolean(true)
  const { body: answer } = await bus.call({
    destination,
    path: collection,
    interface: 'org.freedesktop.Secret.Collection',
    member: 'CreateItem',
    signature: 'a{sv}(oayays)b',
    body,
  })
  const item = answer.string()
  const prompt = answer.string()
  return prompt === noPath ? item : ((await finish(bus, prompt, options)) ?? item)
}

/** The struct (oayays): session, parameters of the algorithm, value, content type. */
function putSecret(body: BodyWriter, { session, bytes }: SecretValue): BodyWriter {
  return body.align(8).string(session).byteArray(new Uint8Array()).byteArray(bytes).string('text/plain')
}
