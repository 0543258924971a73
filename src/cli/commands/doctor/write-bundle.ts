import { resolve } from 'node:path'
import type { Program } from '../../../compose/index.ts'
import { type Finding, lastFailure, makeBundle } from '../../../doctor/index.ts'
import { createPrivateFile } from '../../../files/index.ts'
import { isSesameError, printable, SesameError, type StoreChoice, t } from '../../../kit/index.ts'

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
