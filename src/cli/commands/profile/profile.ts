import type { Program } from '../../../compose/index.ts'
import { formatInstant, printable, SesameError, t } from '../../../kit/index.ts'
import { chooseProfileName } from '../../../profiles/index.ts'
import { deleteProfile, type ProfileStatus, profileStatus, useProfile } from '../../../session/index.ts'
import { padText } from '../../../terminal/index.ts'
import { type Command, type Input, type OptionSpec, profileOption } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { profileImportCommand } from './import.ts'
import { type Row, rowsOf } from './rows.ts'
import { profileSyncCommand } from './sync.ts'
import { formatProfileJson, formatProfileTable } from './table.ts'

const jsonOption: OptionSpec = { name: 'json', summary: 'as JSON' }
const nameArgument = { usage: '[NAME]', maxPositionals: 1, argumentCompletes: 'profile' as const }

async function list(input: Input, { session, print }: Program): Promise<number> {
  const config = session.readConfig()
  const all: ProfileStatus[] = []
  for (const name of config.profiles.keys()) all.push(await profileStatus(name, config, session))
  print(
    input.has('json')
      ? `${JSON.stringify(all.map(formatProfileJson))}\n`
      : await formatProfileTable(all, process.stdout.columns),
  )
  return exitCodes.done
}

async function show(input: Input, program: Program): Promise<number> {
  const { session, print } = program
  const config = session.readConfig()
  const status = await profileStatus(existingName(input, program), config, session)
  if (input.has('json')) {
    print(`${JSON.stringify({ ...formatProfileJson(status), signInUrl: status.signInUrl })}\n`)
    return exitCodes.done
  }
  const { profile } = status
  const rows: Row[] = [
    [t('Profile'), status.current ? t('{name} (current)', { name: status.name }) : status.name],
    ...rowsOf(status),
    [t('Status'), t(status.status)],
    [t('Expires'), status.expiresAt === undefined ? undefined : formatInstant(status.expiresAt)],
    [t('Store'), profile.store],
    [t('Configuration'), program.place().configuration],
  ]
  print(
    rows
      .flatMap(([label, value]) =>
        value === undefined ? [] : [`${padText(label, 21)} ${printable(value)}\n`],
      )
      .join(''),
  )
  return exitCodes.done
}

async function use(input: Input, program: Program): Promise<number> {
  const name = existingName(input, program)
  await useProfile(name, { makeCurrent: true }, program.session)
  program.notify(t('The current profile is {name}.', { name }))
  return exitCodes.done
}

async function remove(input: Input, program: Program): Promise<number> {
  const { session } = program
  if (input.text('profile') === undefined && input.positionals.length === 0) {
    throw new SesameError('ERR_USAGE', t('Name the profile to delete.'), {
      hint: t('For example: {command}', { command: 'sesame profile delete dev' }),
    })
  }
  const name = existingName(input, program)
  await deleteProfile(name, session)
  program.notify(t('Deleted profile {name}.', { name }))
  return exitCodes.done
}

/** The profile named by argument or option, which must exist. */
function existingName({ positionals, text }: Input, { session, edges }: Program): string {
  const config = session.readConfig()
  const name = chooseProfileName(config, {
    option: positionals[0] ?? text('profile'),
    environment: edges.env.SESAME_PROFILE,
  })
  if (config.profiles.has(name)) return name
  throw new SesameError('ERR_USAGE', t('There is no profile {name}.', { name }), {
    hint: t('"sesame profile list" shows all.'),
  })
}

/** `sesame profile`: what is configured, and in which state it is. `--delete --profile P` is acs-sso's spelling. */
export const profileCommand: Command = {
  name: 'profile',
  summary: 'list, show, choose, delete, import and sync profiles',
  options: [
    { name: 'delete', summary: 'the same as "profile delete"' },
    { ...profileOption, summary: 'the profile to delete' },
    jsonOption,
  ],
  subcommands: [
    {
      name: 'list',
      summary: 'all profiles with account, status and time left',
      options: [jsonOption],
      examples: ['sesame profile list', 'sesame profile list --json'],
      run: list,
    },
    {
      name: 'show',
      summary: 'everything about one profile',
      ...nameArgument,
      options: [profileOption, jsonOption],
      examples: ['sesame profile show dev', 'sesame profile show dev --json'],
      run: show,
    },
    {
      name: 'use',
      summary: 'make a profile the current one',
      ...nameArgument,
      options: [profileOption],
      examples: ['sesame profile use dev'],
      run: use,
    },
    {
      name: 'delete',
      summary: 'delete a profile and its secrets',
      ...nameArgument,
      options: [profileOption],
      examples: ['sesame profile delete dev'],
      run: remove,
    },
    profileImportCommand,
    profileSyncCommand,
  ],
  examples: ['sesame profile', 'sesame profile use dev', 'sesame profile list --json'],
  async run(input, program) {
    if (input.has('delete')) return remove(input, program)
    if (input.has('profile'))
      throw new SesameError('ERR_USAGE', t('--profile goes with --delete here; see "sesame profile show".'))
    return list(input, program)
  },
}
