import type { Program } from '../../../compose/index.ts'
import { isSesameError, printable, SesameError, t } from '../../../kit/index.ts'
import {
  formatCredentials,
  formatFailure,
  formatProfile,
  type ServerFormat,
  serverFormats,
} from '../../../output/index.ts'
import { regionOf } from '../../../profiles/index.ts'
import { getCredentials, resolveProfile, useProfile } from '../../../session/index.ts'
import { type Command, type Input, profileOption } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { chooseFormat, shellFormatInArgv } from '../../format-options.ts'
import { closest } from '../../suggest.ts'
import { pickProfile } from './pick-profile.ts'

/** `sesame use`: the profile to go on with, named or picked from a list; for all shells, or for the one that evaluates the output. */
export const useCommand: Command = {
  name: 'use',
  summary: 'choose the profile to go on with, from a list that is searched by typing',
  usage: '[PROFILE]',
  maxPositionals: 1,
  argumentCompletes: 'profile',
  options: [
    { ...profileOption, summary: 'the profile, in place of the argument' },
    {
      name: 'format',
      value: 'FORMAT',
      summary: () =>
        t('print what a shell evaluates to use it there alone: {formats}', {
          formats: serverFormats.join(', '),
        }),
      values: serverFormats,
    },
    { name: 'env', summary: 'the same as --format env' },
  ],
  examples: ['sesame use', 'sesame use dev', 'eval "$(sesame use dev --env)"'],
  failureOutput: (argv) => {
    const format = shellFormatInArgv(argv)
    return format === undefined ? '' : formatFailure(format)
  },
  async run(input, program) {
    const name = await chosenName(input, program)
    if (input.has('format') || input.has('env')) return useInShell(name, input, program)
    await useProfile(name, { makeCurrent: true }, program.session)
    program.notify(t('The current profile is {name}.', { name }))
    const { SESAME_PROFILE: other } = program.edges.env
    if (other && other !== name)
      program.notify(
        t('In this shell SESAME_PROFILE={other} goes before it.', { other: printable(other, 64) }),
      )
    return exitCodes.done
  },
}

/** The profile that was named, which must exist, or the one that the user picks. */
async function chosenName({ positionals, text }: Input, program: Program): Promise<string> {
  const { session, interactive } = program
  const named = positionals[0] ?? text('profile')
  if (named === undefined) {
    if (interactive) return pickProfile(program)
    throw new SesameError('ERR_USAGE', t('Name the profile: there is no terminal to choose it on.'), {
      hint: t('For example: {command}', { command: 'sesame use dev' }),
    })
  }
  const names = [...session.readConfig().profiles.keys()]
  if (names.includes(named)) return named
  const near = closest(named, names)
  throw new SesameError('ERR_USAGE', t('There is no profile {name}.', { name: printable(named, 64) }), {
    hint:
      near === undefined
        ? t('"sesame profile list" shows all.')
        : t('Did you mean {name}? "sesame profile list" shows all.', { name: near }),
  })
}

/** The current profile stays. Credentials go along where no sign-in is needed for them. */
async function useInShell(name: string, input: Input, program: Program): Promise<number> {
  const { session, print, notify } = program
  const format = serverFormats.find((each) => each === chooseFormat(input)) ?? 'env'
  const { text, said } = await statementsFor(name, format, program)
  await useProfile(name, { makeCurrent: false }, session)
  print(text)
  notify(said ?? t('This shell uses profile {name}.', { name }))
  return exitCodes.done
}

async function statementsFor(
  name: string,
  format: ServerFormat,
  { session, edges }: Program,
): Promise<{ text: string; said?: string }> {
  const alone = formatProfile(format, name)
  try {
    const { profile, tokensOnly } = resolveProfile(name, session.readConfig(), session)
    if (tokensOnly) return { text: alone }
    const { credentials } = await getCredentials(name, {}, session)
    const of = { profile: name, region: regionOf(profile), env: edges.env }
    return { text: formatCredentials(format, credentials, of) }
  } catch (error) {
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    if (error.code === 'ERR_LOGIN_REQUIRED')
      return { text: alone, said: t('This shell uses profile {name}. Sign in with: sesame login', { name }) }
    const reason = error.message
    return {
      text: alone,
      said: t('This shell uses profile {name}, without credentials: {reason}', { name, reason }),
    }
  }
}
