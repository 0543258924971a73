import type { Reader } from '../compose/index.ts'
import { printableLines } from '../kit/index.ts'
import { formatCredentials } from '../output/index.ts'
import { chooseProfileName, regionOf } from '../profiles/index.ts'
import { readCachedCredentials, readCachedToken, resolveProfile } from '../session/index.ts'
import { type Input, wantedToken } from './command.ts'
import { chooseFormat } from './format-options.ts'

/** A question to the store that can be asked again. */
export interface CachedAnswer {
  profile: string
  /** The whole output of a login whose credentials are fresh in the store; undefined when there is more to do. */
  output(): Promise<string | undefined>
}

/** Reads the words of a login that the store may answer. `env` has SESAME_PROFILE. */
export function cachedAnswer(
  input: Input,
  reader: Reader,
  env: Readonly<Record<string, string | undefined>>,
): CachedAnswer | undefined {
  const format = chooseFormat(input)
  if (input.has('force') || input.has('choose')) return undefined
  let config: ReturnType<Reader['readConfig']> | undefined = reader.readConfig()
  const profile = chooseProfileName(config, {
    option: input.text('profile'),
    environment: env.SESAME_PROFILE,
  })
  return {
    profile,
    async output() {
      const resolved = resolveProfile(profile, config ?? reader.readConfig(), reader)
      // A second question is about what is there by then.
      config = undefined
      const cached = await readCachedCredentials(resolved, wantedAssignment(input), reader)
      const region = regionOf(resolved.profile)
      return cached && formatCredentials(format, cached.credentials, { profile, region, env })
    },
  }
}

/** The whole output of `token get` for a token that is fresh in the store. */
export async function cachedToken(
  input: Input,
  reader: Reader,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const config = reader.readConfig()
  const profile = chooseProfileName(config, {
    option: input.text('profile'),
    environment: env.SESAME_PROFILE,
  })
  const token = await readCachedToken(resolveProfile(profile, config, reader), wantedToken(input), reader)
  return token && printableLines(`${token.reveal()}\n`)
}

/** Account and access configuration that the caller insists on. */
export function wantedAssignment(input: Input) {
  return { account: input.text('account-id'), accessConfiguration: input.text('access-config') }
}
