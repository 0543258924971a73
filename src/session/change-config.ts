import { t } from '../kit/index.ts'
import {
  type Config,
  type Knowledge,
  type Place,
  partConfig,
  readKnowledge,
  readState,
  rememberedConfig,
  type State,
  sameKnowledge,
  sameState,
  writeKnowledge,
  writeState,
} from '../profiles/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { forgetSecrets, pendingIn, withoutPending } from './kinds/pending-sign-in.ts'
import { type Rules, resolvableProfiles } from './kinds/resolve-profile.ts'
import { itemsOf } from './kinds/resolved-profile.ts'
import { openKept, otherStores, persistOrWarn, unlessUnusable } from './profile-stores.ts'
import { renewTogether } from './renewal/renew-together.ts'
import type { SessionContext } from './session-context.ts'

/** Changes the configuration, and then forgets what no profile leads to any more. Returns what it is now. */
export async function changeConfig(
  change: (config: Config) => Config,
  context: SessionContext,
  by: 'login' | 'user' = 'user',
): Promise<Config> {
  let before: Config | undefined
  let changed: Config | undefined
  const after = await context.updateConfig((config) => {
    before = config
    changed = change(config)
    return changed
  }, by)
  if (changed === before) return after
  const forget = () => forgetUnreachable(before ?? after, after, context)
  await persistOrWarn(forget, t('Could not delete obsolete secrets'), context)
  return after
}

/**
 * Changes the configuration: reads both files again under the lock, applies `change`, writes what has changed, atomically (0600).
 * Many logins end at the same time; each must find the others' profiles again, and one that changes nothing takes no lock. `change` is
 * applied to each reading, so it may be called several times. What a login chooses (`by`) is remembered, not written.
 */
export async function updateConfig(
  place: Place,
  { change, by }: { change: (config: Config) => Config; by: 'login' | 'user' },
  context: SessionContext,
): Promise<Config> {
  const { warn, clock } = context
  const apply = (knowledge: Knowledge) => partConfig(knowledge, change(rememberedConfig(knowledge)), by)
  let before: Knowledge
  const after = await renewTogether<Knowledge, Knowledge>(
    {
      lock: 'config',
      by: 'person',
      of: 'config',
      read: async () => {
        before = readKnowledge(place, warn)
        return before
      },
      isGood: (knowledge): knowledge is Knowledge => sameKnowledge(apply(knowledge), knowledge),
      renew: async (knowledge) => apply(knowledge),
      write: async (knowledge) => writeKnowledge(place, before, knowledge, { warn, now: clock.now() }),
    },
    context,
  )
  return rememberedConfig(after)
}

/** Changes what this machine knows, under the same lock: reads it again, applies `change`, writes it if it is another. */
export async function changeState(
  place: Place,
  change: (state: State) => State,
  context: Pick<SessionContext, 'withLock' | 'clock' | 'warn'>,
): Promise<State> {
  const { warn, clock } = context
  const before = readState(place, warn)
  if (sameState(change(before), before)) return before
  return context.withLock('config', async () => writeState(place, change, { warn, now: clock.now() }))
}

/**
 * Removes what profiles, and the roles built upon them, kept before the configuration changed, unless some profile still
 * leads to it: a logout could not find it any more, and a refresh token or a secret may be valid for long.
 */
export async function forgetUnreachable(
  before: Config,
  after: Config,
  context: Rules & Pick<SessionContext, 'openStore' | 'state' | 'warn' | 'log'>,
): Promise<void> {
  const reachable = new Set(resolvableProfiles(after, context).flatMap(itemsOf))
  const ended = endedPending(before, after, context)
  await adoptAllFormerItems(before, context)
  for (const each of resolvableProfiles(before, context)) {
    const lost = itemsOf(each).filter((key) => !reachable.has(key))
    const { tokens } = each.items
    const hasEnded = tokens !== undefined && ended.has(tokens) && reachable.has(tokens)
    if (lost.length === 0 && !hasEnded) continue
    const forget = async (store: CredentialStore) => {
      for (const key of lost) await store.remove(key)
      if (hasEnded) await forgetSecrets(tokens, store)
    }
    const store = await openKept(each, context)
    if (store !== undefined) await forget(store)
    for (const held of otherStores(each, context)) {
      const failure = t('What the store {store} holds of profile {profile} stays there', {
        store: held.name,
        profile: each.name,
      })
      const remove = async () => forget(await context.openStore(held.name, 'leave'))
      await unlessUnusable(held, remove, { ...context, failure })
    }
  }
  await context.state.change((state) => withoutPending(state, [...ended]))
}

/** The pending sign-ins, by the item of their tokens, that a profile asked for, and none would ask for any more. */
function endedPending(
  before: Config,
  after: Config,
  context: Rules & Pick<SessionContext, 'state'>,
): ReadonlySet<string> {
  const pending = pendingIn(context.state.read())
  const asks = (config: Config) =>
    new Set(
      pending.size === 0
        ? []
        : resolvableProfiles(config, context).flatMap((each) => [
            `${each.items.tokens}`,
            `${each.items.tokens} ${each.deviceShape?.() ?? ''}`,
          ]),
    )
  const [asked, asking] = [asks(before), asks(after)]
  const isEnded = (request: string) => asked.has(request) && !asking.has(request)
  const ended = [...pending].filter(([tokens, { shape }]) => isEnded(tokens) || isEnded(`${tokens} ${shape}`))
  return new Set(ended.map(([tokens]) => tokens))
}

/** Moves what a former version named otherwise, as long as the configuration still has the spelling that leads there. */
export async function adoptAllFormerItems(
  config: Config,
  context: Rules & Pick<SessionContext, 'openStore'>,
): Promise<void> {
  for (const each of resolvableProfiles(config, context))
    if (each.items.former !== undefined) await openKept(each, context)
}
