import type { Program } from '../../compose/index.ts'
import { formatInstant, isSesameError, messageWithRequestId, SesameError } from '../../kit/index.ts'
import { chooseProfileName, providerUrlOf } from '../../profiles/index.ts'
import { endSessionAddress, type LogoutResult, logout } from '../../session/index.ts'
import { openBrowser, planBrowser } from '../../terminal/index.ts'
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
  async run(input, program) {
    const { session } = program
    const config = session.readConfig()
    if (input.has('all') && input.has('profile')) {
      throw new SesameError('ERR_USAGE', '--all and --profile contradict each other.')
    }
    const environment = program.edges.env.SESAME_PROFILE
    const names = input.has('all')
      ? [...config.profiles]
          .filter(([, profile]) => providerUrlOf(config, profile) !== undefined)
          .map(([name]) => name)
      : [chooseProfileName(config, { option: input.text('profile'), environment })]
    if (!input.has('all') && !config.profiles.has(names[0] ?? '')) {
      throw new SesameError('ERR_USAGE', `There is no profile ${names[0]}.`, {
        hint: '"sesame profile list" shows all.',
      })
    }
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
        program.notify(`Profile ${name} could not be signed out: ${messageWithRequestId(error)}`)
        failures.set(name, error)
      }
    }
    const reached = names.filter((name) => !failures.has(name))
    if (input.has('everywhere')) await endSessions(reached, program)
    for (const failure of failures.values()) throw failure
    return exitCodes.done
  },
}

/** The session of the browser is the browser's to end: it is led to where that is done, once for each provider. */
async function endSessions(names: readonly string[], { session, edges, notify }: Program): Promise<void> {
  const addresses = await Promise.all(names.map((name) => endSessionAddress(name, session)))
  const known = new Set(addresses.filter((address) => address !== undefined))
  if (known.size === 0) notify('No provider of these profiles has a session that could be ended.')
  for (const address of known) {
    const plan = planBrowser(edges)
    notify(`To end the session in your browser, ${plan.kind === 'open' ? 'it opens' : 'go to'}: ${address}`)
    if (plan.kind === 'skip') continue
    const failure = await openBrowser(address, plan, { log: session.log, clock: edges.clock })
    if (failure !== undefined) notify(`${failure}. The browser could not be opened; use the address above.`)
  }
}

function reportResult({ name, forgotten, validUntil, revocation }: LogoutResult, { notify }: Program): void {
  notify(forgotten ? `Signed out of profile ${name}.` : `Profile ${name} was not signed in.`)
  if (revocation?.kind === 'revoked') notify('Its tokens were revoked at the provider.')
  if (revocation?.kind === 'not-supported')
    notify('The provider cannot revoke tokens: they are forgotten here, and end by themselves.')
  if (revocation?.kind === 'failed')
    notify(`Warning: its tokens could not be revoked at the provider: ${revocation.message}`)
  if (validUntil !== undefined) {
    notify(
      `Credentials handed out before stay valid until ${formatInstant(validUntil)}; STS cannot call them back.`,
    )
  }
}

function reportShared({ shared, base }: LogoutResult, { notify }: Program): void {
  if (base !== undefined) notify(`The sign-in is that of profile ${base}, and stays.`)
  if (shared.length > 0)
    notify(`The sign-in was shared with ${shared.join(', ')}, which will have to sign in again.`)
}
