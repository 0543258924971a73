import type { Program } from '../../compose/index.ts'
import {
  formatInstant,
  isSesameError,
  messageWithRequestId,
  type Secret,
  SesameError,
  t,
} from '../../kit/index.ts'
import { chooseProfileName, providerUrlOf } from '../../profiles/index.ts'
import {
  endSessionAddress,
  type LogoutResult,
  logout,
  openLogoutPage,
  readIdTokenHint,
} from '../../session/index.ts'
import { hasBrowserHere, openBrowser, planBrowser } from '../../terminal/index.ts'
import { type Command, profileOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

/** `sesame logout`: forgets tokens and credentials; the profile itself stays. */
export const logoutCommand: Command = {
  name: 'logout',
  summary: 'forget the sign-in and the credentials of a profile',
  options: [
    profileOption,
    { name: 'all', summary: 'of every profile' },
    { name: 'everywhere', summary: 'also end the browser session at the OIDC provider' },
  ],
  examples: [
    'sesame logout --profile dev',
    'sesame logout --all',
    'sesame logout --profile corp --everywhere',
  ],
  async run(input, program) {
    const { session } = program
    const config = session.readConfig()
    if (input.has('all') && input.has('profile')) {
      throw new SesameError(
        'ERR_USAGE',
        t('{option} and {other} contradict each other.', { option: '--all', other: '--profile' }),
      )
    }
    const environment = program.edges.env.SESAME_PROFILE
    const names = input.has('all')
      ? [...config.profiles]
          .filter(([, profile]) => providerUrlOf(config, profile) !== undefined)
          .map(([name]) => name)
      : [chooseProfileName(config, { option: input.text('profile'), environment })]
    if (!input.has('all') && !config.profiles.has(names[0] ?? '')) {
      throw new SesameError('ERR_USAGE', t('There is no profile {name}.', { name: names[0] ?? '' }), {
        hint: t('"sesame profile list" shows all.'),
      })
    }
    // Before they are forgotten.
    const hints = input.has('everywhere') ? await readHints(names, program) : new Map<string, Secret>()
    const failures = new Map<string, SesameError>()
    for (const name of names) {
      try {
        const result = await logout(name, { sparesOthers: false }, session)
        reportResult(result, program)
        // With all, the others that share a sign-in have a turn of their own.
        if (!input.has('all')) reportShared(result, program)
      } catch (error) {
        // One profile that cannot be signed out must not keep the others signed in.
        if (!input.has('all') || !isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
        program.notify(
          t('Profile {name} could not be signed out: {reason}', {
            name,
            reason: messageWithRequestId(error),
          }),
        )
        failures.set(name, error)
      }
    }
    const reached = names.filter((name) => !failures.has(name))
    if (input.has('everywhere')) await endSessions(reached, hints, program)
    for (const failure of failures.values()) throw failure
    // Nothing of a sign-in stays behind, not even how one failed.
    if (input.has('all')) {
      const { forgetFailure } = await import('../../doctor/index.ts')
      forgetFailure(program.place())
    }
    return exitCodes.done
  },
}

async function readHints(names: readonly string[], { session }: Program): Promise<Map<string, Secret>> {
  const hints = new Map<string, Secret>()
  for (const name of names) {
    const hint = await readIdTokenHint(name, session)
    if (hint !== undefined) hints.set(name, hint)
  }
  return hints
}

/** The session of the browser is the browser's to end: it is led to where that is done, once for each provider. */
async function endSessions(
  names: readonly string[],
  hints: ReadonlyMap<string, Secret>,
  program: Program,
): Promise<void> {
  const { session, notify } = program
  const known = new Map<string, Secret | undefined>()
  for (const name of names) {
    const address = await endSessionAddress(name, session)
    if (address !== undefined) known.set(address, known.get(address) ?? hints.get(name))
  }
  if (known.size === 0) notify(t('No provider of these profiles has a session that could be ended.'))
  for (const [address, hint] of known) await endSession(address, hint, program)
}

const pageFetchedMs = 30_000

/** A browser of this machine takes the ID token along; any other is led to the address as it is. */
async function endSession(address: string, hint: Secret | undefined, program: Program): Promise<void> {
  const { session, edges, notify } = program
  const plan = planBrowser(edges)
  if (plan.kind !== 'open')
    return notify(t('To end the session in your browser, go to: {address}', { address }))
  if (hint === undefined || !hasBrowserHere(edges)) {
    notify(t('To end the session in your browser, it opens: {address}', { address }))
    const failure = await openBrowser(address, plan, { log: session.log, clock: edges.clock })
    if (failure !== undefined)
      notify(t('{failure}. The browser could not be opened; use the address above.', { failure }))
    return
  }
  const page = await openLogoutPage(address, hint, session)
  try {
    notify(t('To end the session in your browser, it opens: {address}', { address: page.url }))
    const failure = await openBrowser(page.url, plan, { log: session.log, clock: edges.clock })
    if (failure !== undefined) notify(`${failure}.`)
    const fetched = failure === undefined && (await page.fetched(pageFetchedMs, session.signal))
    // Not every provider takes a form there.
    notify(
      fetched
        ? t('If the provider shows an error, go to: {address}', { address })
        : t('The browser did not open that page; go to: {address}', { address }),
    )
  } finally {
    page.close()
  }
}

function reportResult({ name, forgotten, validUntil, revocation }: LogoutResult, { notify }: Program): void {
  notify(
    forgotten
      ? t('Signed out of profile {name}.', { name })
      : t('Profile {name} was not signed in.', { name }),
  )
  if (revocation?.kind === 'revoked') notify(t('Its tokens were revoked at the provider.'))
  if (revocation?.kind === 'not-supported')
    notify(t('The provider cannot revoke tokens: they are forgotten here, and end by themselves.'))
  if (revocation?.kind === 'failed')
    notify(
      t('Warning: its tokens could not be revoked at the provider: {reason}', { reason: revocation.message }),
    )
  if (validUntil !== undefined) {
    notify(
      t('Credentials handed out before stay valid until {until}; STS cannot call them back.', {
        until: formatInstant(validUntil),
      }),
    )
  }
}

function reportShared({ shared, base }: LogoutResult, { notify }: Program): void {
  if (base !== undefined) notify(t('The sign-in is that of profile {name}, and stays.', { name: base }))
  if (shared.length > 0)
    notify(
      t('The sign-in was shared with {names}, which will have to sign in again.', {
        names: shared.join(', '),
      }),
    )
}
