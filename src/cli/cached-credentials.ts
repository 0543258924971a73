import type { Reader } from '../compose-reader.ts'
import { formatCredentials } from '../output/index.ts'
import { chooseProfileName } from '../profile/index.ts'
import { readCachedCredentials, resolveProfile } from '../session/index.ts'
import type { Input } from './command.ts'
import { wantedAssignment } from './commands/login-syntax.ts'
import { chooseFormat } from './format-options.ts'

/**
 * The whole output of a login whose credentials are fresh in the store; undefined when there is more to do.
 * `environment` is SESAME_PROFILE.
 */
export async function cachedOutput(
  input: Input,
  reader: Reader,
  environment: string | undefined,
): Promise<string | undefined> {
  const format = chooseFormat(input)
  if (input.has('force')) return undefined
  const config = reader.readConfig()
  const profile = chooseProfileName(config, { option: input.text('profile'), environment })
  const cached = await readCachedCredentials(
    resolveProfile(profile, config, reader),
    wantedAssignment(input),
    reader,
  )
  return cached === undefined ? undefined : formatCredentials(format, cached.credentials, { profile })
}
