import { type FixedText, t } from '../../kit/index.ts'
import type { Bus } from './bus.ts'
import { SecretServiceFailure } from './failure.ts'
import { BodyWriter } from './marshalling.ts'
import {
  callService,
  destination,
  isLocked,
  noPath,
  property,
  readAlias,
  type SecretServiceOptions,
} from './service.ts'

/** How long a dialog is waited for. */
const usualUserLimitMs = 120_000
/** How long what needs no user may take to say so. */
const noUserLimitMs = 1500

/**
 * What a dialog is about: to the user who answers it, and in the error where there is none. Before a change there is often none to
 * answer, so it is only spoken of when it takes time.
 */
const dialogs = {
  Collection: { wait: 'The keyring is locked; waiting for you to unlock it', quietMs: 0, locked: undefined },
  Item: {
    wait: 'The keyring asks before it gives sesame this item; waiting for your answer',
    quietMs: 0,
    locked: 'it asks before it gives sesame this item',
  },
  change: {
    wait: 'The keyring asks before an item of sesame is changed; waiting for your answer',
    quietMs: 500,
    locked: 'it asks before an item of sesame is changed',
  },
} as const satisfies Record<string, { wait: FixedText; quietMs: number; locked: FixedText | undefined }>

type Dialog = keyof typeof dialogs

/** Unlocks the default collection. @throws SecretServiceFailure `locked` when it stays so */
export async function unlockDefault(bus: Bus, options: SecretServiceOptions): Promise<void> {
  await unlock(bus, [await readAlias(bus)], 'Collection', options)
}

/**
 * Unlocks collections or items. The request itself opens no dialog, and for a wallet of KDE that was opened at login it is enough;
 * the prompt that it may answer with is shown only to a user who can answer it.
 *
 * @throws SecretServiceFailure `locked` when they stay so
 */
export async function unlock(
  bus: Bus,
  paths: readonly string[],
  kind: 'Collection' | 'Item',
  options: SecretServiceOptions,
): Promise<void> {
  const body = new BodyWriter()
  body.array(4, () => paths.forEach((path) => void body.string(path)))
  const { body: answer } = await callService(bus, 'Unlock', 'ao', body)
  const unlocked = answer.strings()
  const prompt = answer.string()
  if (prompt !== noPath) {
    const silent = kind === 'Collection' && (await isOpenWallet(bus, paths[0] ?? ''))
    await (silent ? show(bus, prompt, noUserLimitMs) : askUser(bus, prompt, kind, options))
  }
  const left = paths.filter((path) => !unlocked.includes(path))
  const locked = await Promise.all(left.map((path) => isLocked(bus, path, kind)))
  if (locked.includes(true)) throw staysLocked(kind)
}

/**
 * Lets the service show its dialog to the user, and waits for the answer. It can be given up at any time: closing the connection
 * closes the dialog. The result is the path that it has for us, if it has one.
 *
 * @throws SecretServiceFailure `locked` without a user, or when it is dismissed or not answered in time
 */
export async function askUser(
  bus: Bus,
  prompt: string,
  about: Dialog,
  { interactive, warn, userLimitMs = usualUserLimitMs }: SecretServiceOptions,
): Promise<string | undefined> {
  if (!interactive()) throw staysLocked(about)
  const { wait, quietMs } = dialogs[about]
  const say = () => warn(t('{wait} (Ctrl-C gives up).', { wait: t(wait) }))
  if (quietMs === 0) say()
  const timer = quietMs === 0 ? undefined : setTimeout(say, quietMs)
  try {
    return await show(bus, prompt, userLimitMs)
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Lets the service finish what it has begun: KeePassXC creates an item only when its prompt is called, which opens no dialog while
 * neither the collection nor the item is locked. If one opens after all, a program calls it off.
 *
 * @throws SecretServiceFailure `locked` when nothing comes of it
 */
export function finish(bus: Bus, prompt: string, options: SecretServiceOptions): Promise<string | undefined> {
  return options.interactive() ? askUser(bus, prompt, 'change', options) : show(bus, prompt, noUserLimitMs)
}

function staysLocked(about: Dialog): SecretServiceFailure {
  const { locked } = dialogs[about]
  return new SecretServiceFailure('locked', locked && t(locked))
}

async function show(bus: Bus, prompt: string, limitMs: number): Promise<string | undefined> {
  const completed = bus.signal(({ member, path }) => member === 'Completed' && path === prompt)
  const shown = Promise.all([addMatch(bus), callPrompt(bus, prompt, 'Prompt')])
  // The answer counts; of the calls only that they failed does.
  const answered = Promise.race([completed, shown.then(() => completed)])
  const answer = await bus.forUser(limitMs, answered)
  if (answer === undefined) {
    // Its answer is not waited for.
    void Promise.allSettled([callPrompt(bus, prompt, 'Dismiss')])
    throw new SecretServiceFailure('locked', t('its dialog was not answered'))
  }
  if (answer.body.boolean()) throw new SecretServiceFailure('locked', t('its dialog was dismissed'))
  return answer.body.signature() === 'o' ? answer.body.string() : undefined
}

function addMatch(bus: Bus): Promise<unknown> {
  return bus.call({
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'AddMatch',
    signature: 's',
    body: new BodyWriter().string(
      "type='signal',interface='org.freedesktop.Secret.Prompt',member='Completed'",
    ),
  })
}

/** The empty window id: the dialog belongs to no window of ours. */
function callPrompt(bus: Bus, prompt: string, member: 'Prompt' | 'Dismiss'): Promise<unknown> {
  const common = { destination, path: prompt, interface: 'org.freedesktop.Secret.Prompt', member }
  return bus.call(
    member === 'Prompt' ? { ...common, signature: 's', body: new BodyWriter().string('') } : common,
  )
}

const walletPaths = ['/modules/kwalletd5', '/modules/kwalletd6', '/ksecretd']
const walletLimitMs = 500

/**
 * Whether the provider is KWallet and this wallet of it is open. Its Secret Service calls a wallet that was opened at login locked
 * until its prompt has been called, which then opens no dialog.
 */
async function isOpenWallet(bus: Bus, collection: string): Promise<boolean> {
  const ask = async () => {
    const name = String((await property(bus, collection, 'Collection', 'Label')) ?? '')
    const answers = await Promise.allSettled(walletPaths.map((path) => isOpen(bus, path, name)))
    return answers.some((answer) => answer.status === 'fulfilled' && answer.value)
  }
  return (
    (await bus.forUser(
      walletLimitMs,
      ask().catch(() => false),
    )) ?? false
  )
}

async function isOpen(bus: Bus, path: string, wallet: string): Promise<boolean> {
  const { body } = await bus.call({
    destination,
    path,
    interface: 'org.kde.KWallet',
    member: 'isOpen',
    signature: 's',
    body: new BodyWriter().string(wallet),
  })
  return body.boolean()
}
