import type { Program } from '../../../compose/index.ts'
import { Secret, SesameError } from '../../../kit/index.ts'
import type { Profile } from '../../../profiles/index.ts'
import { askHidden, readStandardInput } from '../../../terminal/index.ts'
import type { Input } from '../../command.ts'

/** A client's or application's secret: from the standard input where an option says so, never from the command line. */
export async function readSecret(input: Input, program: Program): Promise<Secret | undefined> {
  const [option, second] = ['client-secret-stdin', 'app-secret-stdin'].filter((name) => input.has(name))
  if (second !== undefined)
    throw new SesameError('ERR_USAGE', '--client-secret-stdin and --app-secret-stdin do not go together.')
  if (option === undefined) return undefined
  const what = option === 'app-secret-stdin' ? 'The appSecret' : 'The client secret'
  if (program.interactive) return askSecret(`${what}:`, program)
  const text = await readStandardInput(what)
  // It goes into JSON and form bodies and headers: what is not visible is a mistake of copying.
  if (!/^[\x21-\x7e]{1,4096}$/.test(text))
    throw new SesameError('ERR_USAGE', `${what} must be one line of printable ASCII.`)
  return new Secret(text)
}

/** Each option belongs to one kind of profile: a secret must not end up as that of something else. */
export function checkSecretOption(input: Input, kind: Profile['kind'] | undefined): void {
  const wrong = kind === 'oidc' ? 'app-secret-stdin' : kind === 'idaas' ? 'client-secret-stdin' : undefined
  if (wrong === undefined || !input.has(wrong)) return
  const right =
    kind === 'oidc'
      ? 'An OIDC client has --client-secret-stdin.'
      : 'An IDaaS application has --app-secret-stdin.'
  throw new SesameError('ERR_USAGE', `--${wrong} does not go with this profile.`, { hint: right })
}

/** Asks for a secret at the terminal. */
export async function askSecret(message: string, { session }: Program): Promise<Secret> {
  return askHidden(message, session.signal)
}
