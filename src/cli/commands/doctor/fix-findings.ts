import type { Program } from '../../../compose/index.ts'
import type { Finding, Hands, Remedy } from '../../../doctor/index.ts'
import { isSesameError, messageWithRequestId, SesameError, t } from '../../../kit/index.ts'
import { askYesNo } from '../../../terminal/index.ts'
import { loadCommand } from '../../commands.ts'
import { exitCodes } from '../../exit-codes.ts'
import { parseInput } from '../../parse-input.ts'

/**
 * Carries out what can be carried out about these findings, each after a question unless `all`. One that fails is said, and the
 * others have their turn: what became of them all, a second look shows.
 */
export async function fixFindings(
  findings: readonly Finding[],
  { all }: { all: boolean },
  program: Program,
): Promise<void> {
  const { notify, session } = program
  const hands: Hands = { run: (words) => runCommand(words, program), context: session }
  const done = new Set<string>()
  for (const { message, remedy } of findings) {
    if (remedy === undefined || done.has(remedy.does)) continue
    done.add(remedy.does)
    notify(message)
    if (all) notify(t('Fixing: {does}', { does: remedy.does }))
    else if (!(await askYesNo(t('Fix it: {does}?', { does: remedy.does }), session.signal))) continue
    await apply(remedy, hands, notify)
  }
  if (done.size === 0) notify(t('Nothing here can be fixed by itself.'))
}

async function apply(remedy: Remedy, hands: Hands, notify: Program['notify']): Promise<void> {
  try {
    await remedy.apply(hands)
  } catch (error) {
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    notify(t('Not fixed: {reason}', { reason: messageWithRequestId(error) }))
    if (error.hint !== undefined) notify(error.hint)
  }
}

/** A command of sesame in this process; what it prints is no result of ours. @throws SesameError */
async function runCommand(words: readonly string[], program: Program): Promise<void> {
  const [name = '', ...rest] = words
  const command = await loadCommand(name)
  const sub = command?.subcommands?.find((each) => each.name === rest[0])
  const target = sub ?? command
  if (target === undefined) throw new TypeError(`no command ${name}`)
  const path = sub === undefined ? name : `${name} ${sub.name}`
  const input = parseInput(target, path, sub === undefined ? rest : rest.slice(1))
  const code = await target.run(input, { ...program, print: program.notify })
  if (code !== exitCodes.done) throw new SesameError('ERR_FILE', t('The command failed; it said why.'))
}
