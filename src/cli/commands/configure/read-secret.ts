import type { Program } from '../../../compose/index.ts'
import { Secret, SesameError, t } from '../../../kit/index.ts'
import {
  type Kind,
  type Profile,
  type ProfileSettings,
  type SecretOption,
  secretOf,
  secretOptions,
} from '../../../profiles/index.ts'
import { askHidden, isPlausibleSecret, readStandardInput } from '../../../terminal/index.ts'
import type { Input } from '../../command.ts'

/** A client's or application's secret: from the standard input where an option says so, never from the command line. */
export async function readSecret(input: Input, program: Program): Promise<Secret | undefined> {
  const [given, second] = secretOptions().filter(({ option }) => input.has(option))
  if (given === undefined) return undefined
  if (second !== undefined)
    throw new SesameError(
      'ERR_USAGE',
      t('{option} and {other} do not go together.', {
        option: `--${given.option}`,
        other: `--${second.option}`,
      }),
    )
  const what = t(given.what)
  if (program.interactive) return askSecret(t('{heading}:', { heading: what }), program)
  const text = await readStandardInput(what)
  if (!isPlausibleSecret(text))
    throw new SesameError('ERR_USAGE', t('{what} must be one line without invisible characters.', { what }))
  return new Secret(text)
}

/** Each option belongs to one kind of profile: a secret must not end up as that of something else. */
export function checkSecretOption(input: Input, kind: Kind | undefined): void {
  const own = kind && secretOf(kind)
  const wrong = secretOptions().find(({ option }) => input.has(option) && option !== own?.option)
  if (own === undefined || wrong === undefined) return
  throw new SesameError(
    'ERR_USAGE',
    t('--{option} does not go with this profile.', { option: wrong.option }),
    {
      hint: t('{owner} has --{option}.', { owner: t(own.owner), option: own.option }),
    },
  )
}

/** A secret that the profile can do nothing without, and that belongs to a setting which is new: an application's. */
export function missingSecret(given: ProfileSettings, before: Profile | undefined): SecretOption | undefined {
  const [now, known]: Readonly<Record<string, unknown>>[] = [{ ...given }, { ...before }]
  return secretOptions().find(
    ({ askedWith: key }) => key !== undefined && now?.[key] !== undefined && now[key] !== known?.[key],
  )
}

/** Asks for a secret at the terminal. */
export async function askSecret(message: string, { session, loadRest }: Program): Promise<Secret> {
  loadRest()
  return askHidden(message, session.signal)
}
