import { resolve } from 'node:path'
import { compose, type Program } from '../../../compose/index.ts'
import { diagnose, type Finding, lastFailure, makeBundle } from '../../../doctor/index.ts'
import { createPrivateFile } from '../../../files/index.ts'
import { inEnglish, isSesameError, printable, SesameError, type StoreChoice, t } from '../../../kit/index.ts'
import { checkProfileName } from '../../../profiles/index.ts'
import { padText, passphraseOf, textWidth, withoutPerson } from '../../../terminal/index.ts'
import { type Command, type Input, profileOption } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { versionsOf } from '../../record-failure.ts'
import { fixFindings } from './fix-findings.ts'

/** `sesame doctor`: what is wrong here, and the command that fixes it. Exit 0 without problems, else 1. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'look at configuration, store, network, clock and leftovers, and say how to fix what is wrong',
  // It looks without a prompt; only what `--fix` does may need a person.
  unattended: (input) => !input.has('fix'),
  options: [
    { ...profileOption, summary: 'only this profile (default: all)' },
    { name: 'json', summary: 'as JSON: [{"check","status","message","fix"}]' },
    { name: 'offline', summary: 'send no request' },
    {
      name: 'fix',
      summary: 'fix what can be fixed without losing anything, asking before each; then look again',
    },
    { name: 'yes', summary: 'with --fix: do not ask' },
    {
      name: 'bundle',
      value: 'FILE',
      completes: 'file',
      summary: 'write what the last failed sign-in or renewal did, without secrets and names, for a report',
    },
  ],
  examples: [
    'sesame doctor',
    'sesame doctor --offline --json',
    'sesame doctor --fix',
    'sesame doctor --bundle sesame-report.json',
  ],
  async run(input, program) {
    const profile = input.text('profile')
    if (profile !== undefined) checkProfileName(profile)
    if (input.has('yes') && !input.has('fix'))
      throw new SesameError('ERR_USAGE', t('--yes goes with --fix only.'))
    const file = input.text('bundle')
    if (file !== undefined) {
      refuseBeside('bundle', ['fix', 'json'], input)
      await writeBundle(file, () => look(input, program), program)
      return exitCodes.done
    }
    if (!input.has('fix')) return report(input, program, program)
    if (!program.interactive && !input.has('yes')) {
      throw new SesameError(
        'ERR_USAGE',
        t('--fix asks before it changes something, and here is no terminal.'),
        {
          hint: t('Add --yes to fix everything without a question.'),
        },
      )
    }
    // Each look has stores of its own: one that could not be opened would stay closed, and its reason in the language of then.
    const looking = () => compose(withoutPerson(program.edges))
    await fixFindings(await look(input, await looking()), { all: input.has('yes') }, program)
    return report(input, await looking(), program)
  },
}

/** @throws SesameError ERR_USAGE */
function refuseBeside(option: string, others: readonly string[], input: Input): void {
  const other = others.find((name) => input.has(name))
  if (other !== undefined)
    throw new SesameError('ERR_USAGE', t('--{other} does not go with --{option}.', { other, option }))
}

function look(input: Input, program: Program): Promise<Finding[]> {
  const { edges, session } = program
  return diagnose(
    { profile: input.text('profile'), offline: input.has('offline') },
    {
      versions: versionsOf(edges.platform),
      platform: edges.platform,
      env: edges.env,
      homeDirectory: edges.homeDirectory,
      passphraseAtHand: passphraseOf(edges) !== undefined,
      place: program.place,
      inspectStore: program.inspectStore,
      wayTo: program.wayTo,
    },
    session,
  )
}

/** Looks, and prints what was found: in the user's language for people, in English for programs. */
async function report(input: Input, looking: Program, { print, notify, edges }: Program): Promise<number> {
  const json = input.has('json')
  const findings = await (json ? inEnglish(() => look(input, looking)) : look(input, looking))
  const fixable = findings.filter(({ remedy }) => remedy !== undefined).length
  const shown = findings.map(({ remedy: _, ...rest }) => rest)
  print(json ? `${JSON.stringify(shown)}\n` : formatFindings(shown))
  if (fixable > 0 && !input.has('fix') && edges.isTerminal(1))
    notify(t('sesame doctor --fix can do {count} of these for you.', { count: fixable }))
  return findings.some(({ status }) => status === 'problem') ? exitCodes.failed : exitCodes.done
}

/** One line a finding; what is not ok ends with its fix. Status and check are words of the JSON, the same in every language. */
function formatFindings(findings: readonly Omit<Finding, 'remedy'>[]): string {
  const width = Math.max(...findings.map(({ check }) => textWidth(check)))
  return findings
    .map(({ check, status, message, fix }) => {
      const end = fix === undefined ? '' : `  ->  ${fix}`
      return `${padText(status, 7)}  ${padText(check, width)}  ${message}${end}\n`
    })
    .join('')
}

/**
 * `sesame doctor --bundle FILE`: the last failed flow, to be attached to a report.
 * @throws SesameError ERR_USAGE where there is none, or where something is at that path
 */
export async function writeBundle(
  file: string,
  look: () => Promise<Finding[]>,
  program: Program,
): Promise<void> {
  const failure = lastFailure(program.place())
  if (failure === undefined) {
    throw new SesameError('ERR_USAGE', t('There is no failed flow to write.'), {
      hint: t('Run the command that fails once more, then this one.'),
    })
  }
  const bundle = makeBundle(failure, await look(), await storesOf(program))
  const path = resolve(file)
  if (!createPrivateFile(path, `${JSON.stringify(bundle, null, 2)}\n`)) {
    throw new SesameError(
      'ERR_USAGE',
      t('Nothing was written: {path} is there already.', { path: printable(path) }),
      {
        hint: t('Name another file.'),
      },
    )
  }
  program.notify(
    t('Written: {path}. It names the hosts that were asked; read it through before you post it.', {
      path: printable(path),
    }),
  )
}

/** The store of the configuration, and what the keychain says where it was asked. */
async function storesOf({ session, inspectStore }: Program): Promise<{ kind: string; probe?: string }[]> {
  const choice: StoreChoice = session.storeOverride() ?? session.readConfig().store ?? 'auto'
  try {
    const { kind, probe } = await inspectStore(choice)
    return [{ kind, ...(probe !== undefined && { probe }) }]
  } catch (error) {
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    return [{ kind: choice, probe: error.code }]
  }
}
