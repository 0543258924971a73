import { BodyWriter } from '../../src/store/secret-service/marshalling.ts'
import type { Message } from '../../src/store/secret-service/message.ts'
import { encodeReply, type FakeBus, startFakeBus } from './fake-bus.ts'

/** What is odd about a service; left out: a keyring that is open and does what it is asked. */
export interface Oddity {
  /** The default collection says that it is locked; `kde`: until its prompt has been called, which opens no dialog. */
  locked?: boolean | 'kde'
  /** Every item is locked for itself, as KeePassXC and other collections have it. */
  itemsLocked?: boolean
  /** `at once`: unlocking needs no prompt; else what becomes of the prompt. */
  unlocking?: 'at once' | 'confirmed' | 'dismissed' | 'unanswered'
  /** Creating, or deleting, answers with a prompt, as KeePassXC does; that of creating opens no dialog. */
  confirms?: 'CreateItem' | 'Delete'
  /** Methods that are never answered. */
  silent?: readonly string[]
  /** Methods whose answers end too early, or are of other types. */
  garbled?: readonly string[]
  /** Methods that are answered with this D-Bus error. */
  failing?: Record<string, string>
  /** How long every answer takes. */
  delayMs?: number
}

export interface OddItem {
  path: string
  attributes: Record<string, string>
  label: string
  secret: string
  modified: number
}

export interface OddSecretService extends FakeBus {
  items: OddItem[]
  /** Methods in the order in which they were called. */
  calls: string[]
  /** The secrets that deleted items had, as a recycle bin keeps them. */
  bin: string[]
  /** From now on it is odd in this way. */
  become(oddity: Oddity): void
  /** How many prompts were shown. */
  dialogs: number
  /** Prompts that were called off. */
  dismissed: number
}

const collection = '/org/freedesktop/secrets/collection/login'
const wallet = 'kdewallet'

/** A Secret Service of our own making, which is its own bus. */
export async function startOddSecretService(
  first: Oddity,
  items: Partial<OddItem>[] = [],
): Promise<OddSecretService> {
  let oddity = first
  let collectionLocked = oddity.locked ?? false
  let itemsLocked = oddity.itemsLocked === true
  let lastPath = 0
  let now = 1_700_000_000
  let deleting: string | undefined
  let creating: Partial<OddItem> | undefined
  const add = (item: Partial<OddItem>): OddItem => {
    const made = {
      path: `${collection}/${++lastPath}`,
      attributes: { service: 'sesame', username: 'k' },
      label: 'l',
      secret: '',
      modified: ++now,
      ...item,
    }
    service.items.push(made)
    return made
  }
  const store = (made: Partial<OddItem>): string => {
    const attributes = JSON.stringify(made.attributes)
    const same = service.items.find((each) => JSON.stringify(each.attributes) === attributes)
    return Object.assign(same ?? add({}), made, { modified: ++now }).path
  }
  const removeItem = (path: string | undefined) => {
    const item = service.items.find((each) => each.path === path)
    if (item) service.bin.push(item.secret)
    service.items = service.items.filter((each) => each.path !== path)
  }

  const bus = await startFakeBus((message, serial, send) => {
    const { member = '', path = '', body } = message
    service.calls.push(member)
    const reply = (signature: string, values: BodyWriter) =>
      later(encodeReply({ type: 'return', replySerial: serial, signature, body: values.toBuffer() }))
    const later = (bytes: Buffer) =>
      oddity.delayMs === undefined ? send(bytes) : void setTimeout(send, oddity.delayMs, bytes)
    const fail = (errorName: string) => later(encodeReply({ type: 'error', replySerial: serial, errorName }))
    if (oddity.silent?.includes(member)) return
    if (oddity.garbled?.includes(member)) return reply('ao', new BodyWriter().uint32(999).uint32(999))
    const failure = oddity.failing?.[member]
    if (failure !== undefined) return fail(failure)
    const item = service.items.find((each) => each.path === path)
    const answers: Record<string, () => void> = {
      Hello: () => reply('s', new BodyWriter().string(':1.1')),
      AddMatch: () => reply('', new BodyWriter()),
      ReadAlias: () => reply('o', new BodyWriter().string(collection)),
      OpenSession: () => {
        const [algorithm] = [body.string()]
        if (algorithm !== 'plain') return fail('org.freedesktop.DBus.Error.NotSupported')
        const nothing = new BodyWriter()
        if (oddity.locked === 'kde') nothing.signature('ay').byteArray(Buffer.alloc(0))
        else nothing.signature('s').string('')
        reply('vo', nothing.string('/session/1'))
      },
      Get: () => reply('v', propertyOf(message)),
      SearchItems: () => {
        // KeePassXC asks for the password of its database.
        if (collectionLocked === true) service.dialogs++
        const wanted = stringMap(message)
        const found = service.items
          .filter(({ attributes }) =>
            Object.entries(wanted).every(([name, value]) => attributes[name] === value),
          )
          .map((each) => each.path)
        reply(
          'aoao',
          itemsLocked ? paths(paths(new BodyWriter(), []), found) : paths(paths(new BodyWriter(), found), []),
        )
      },
      Unlock: () => {
        const wanted = body.strings()
        if (oddity.unlocking === 'at once') {
          collectionLocked = itemsLocked = false
          return reply('aoo', paths(new BodyWriter(), wanted).string('/'))
        }
        reply('aoo', paths(new BodyWriter(), []).string('/prompt/unlock'))
      },
      isOpen: () => {
        if (collectionLocked !== 'kde') return fail('org.freedesktop.DBus.Error.UnknownMethod')
        reply('b', new BodyWriter().boolean(body.string() === wallet))
      },
      Prompt: () => {
        if (collectionLocked !== 'kde' && path !== '/prompt/create') service.dialogs++
        reply('', new BodyWriter())
        if (oddity.unlocking === 'unanswered') return
        const isDismissed = oddity.unlocking === 'dismissed'
        if (!isDismissed && path === '/prompt/unlock') collectionLocked = itemsLocked = false
        if (!isDismissed && path === '/prompt/delete') removeItem(deleting)
        const result = new BodyWriter().boolean(isDismissed)
        const values =
          creating && path === '/prompt/create'
            ? result.signature('o').string(store(creating))
            : result.signature('s').string('')
        later(
          encodeReply({
            type: 'signal',
            path,
            member: 'Completed',
            signature: 'bv',
            body: values.toBuffer(),
          }),
        )
      },
      Dismiss: () => {
        service.dismissed++
        reply('', new BodyWriter())
      },
      GetSecret: () => {
        if (itemsLocked) return fail('org.freedesktop.Secret.Error.IsLocked')
        if (item === undefined) return fail('org.freedesktop.DBus.Error.UnknownObject')
        const values = new BodyWriter().align(8).string('/session/1').byteArray(Buffer.alloc(0))
        reply('(oayays)', values.byteArray(Buffer.from(item.secret)).string('text/plain'))
      },
      SetSecret: () => {
        if (itemsLocked) return fail('org.freedesktop.Secret.Error.IsLocked')
        if (item === undefined) return fail('org.freedesktop.DBus.Error.UnknownObject')
        item.secret = secretIn(message)
        item.modified = ++now
        reply('', new BodyWriter())
      },
      CreateItem: () => {
        const made = newItem(message)
        if (oddity.confirms === 'CreateItem') {
          creating = made
          return reply('oo', new BodyWriter().string('/').string('/prompt/create'))
        }
        reply('oo', new BodyWriter().string(store(made)).string('/'))
      },
      Delete: () => {
        if (itemsLocked) return fail('org.freedesktop.Secret.Error.IsLocked')
        if (oddity.confirms === 'Delete') {
          deleting = path
          return reply('o', new BodyWriter().string('/prompt/delete'))
        }
        removeItem(path)
        reply('o', new BodyWriter().string('/'))
      },
    }
    const answer = answers[member]
    if (answer === undefined) fail('org.freedesktop.DBus.Error.UnknownMethod')
    else answer()
  })

  function propertyOf({ body, path }: Message): BodyWriter {
    body.string()
    const name = body.string()
    const item = service.items.find((each) => each.path === path)
    if (name === 'Label') return new BodyWriter().signature('s').string(item?.label ?? wallet)
    if (name === 'Modified') return uint64(item?.modified ?? 0)
    const isLocked = item === undefined ? collectionLocked !== false : itemsLocked
    return new BodyWriter().signature('b').boolean(isLocked)
  }

  const service: OddSecretService = {
    ...bus,
    items: [],
    calls: [],
    bin: [],
    dialogs: 0,
    dismissed: 0,
    become(next) {
      oddity = next
      collectionLocked = next.locked ?? false
      itemsLocked = next.itemsLocked === true
    },
  }
  for (const item of items) add(item)
  return service
}

function paths(body: BodyWriter, list: readonly string[]): BodyWriter {
  return body.array(4, () => list.forEach((path) => void body.string(path)))
}

function uint64(value: number): BodyWriter {
  return new BodyWriter().signature('t').align(8).uint32(value).uint32(0)
}

/** a{ss} */
function stringMap({ body }: Message): Record<string, string> {
  const length = body.uint32()
  body.align(8)
  const end = body.offset + length
  const entries: [string, string][] = []
  while (body.offset < end) {
    body.align(8)
    entries.push([body.string(), body.string()])
  }
  return Object.fromEntries(entries)
}

/** The struct (oayays). */
function secretIn({ body }: Message): string {
  body.align(8)
  body.string()
  body.byteArray()
  return body.byteArray().toString('utf8')
}

/** a{sv}(oayays)b, with the two properties that a client writes. */
function newItem(message: Message): Pick<OddItem, 'attributes' | 'label' | 'secret'> {
  const { body } = message
  const length = body.uint32()
  let label = ''
  let attributes = {}
  body.align(8)
  const end = body.offset + length
  while (body.offset < end) {
    body.align(8)
    const name = body.string()
    body.signature()
    if (name.endsWith('.Label')) label = body.string()
    else attributes = stringMap(message)
  }
  return { label, attributes, secret: secretIn(message) }
}
