import { chmodSync, rmSync } from 'node:fs'
import { inWords } from '../files/index.ts'
import { printable, SesameError, shellWord, t } from '../kit/index.ts'
import type { SessionContext } from '../session/index.ts'

/**
 * What `doctor --fix` can do about a finding by itself: it loses nothing that is only there, and needs no judgement. Where there is
 * none, the finding has advice only.
 */
export interface Remedy {
  /** What will be done: a command, wherever one does the same. */
  does: string
  /** @throws SesameError */
  apply(hands: Hands): Promise<void> | void
}

/** What remedies work with. */
export interface Hands {
  /** Runs a command of sesame, given as its words. @throws SesameError */
  run(words: readonly string[]): Promise<void>
  context: SessionContext
}

/** A command of sesame; its words need no quotes. */
export function byCommand(...words: readonly string[]): Remedy {
  return { does: `sesame ${words.join(' ')}`, apply: ({ run }) => run(words) }
}

/** The profile of the aliyun CLI of this name runs sesame, as `configure --for aliyun` writes it. */
export function byConfiguringAliyun(profile: string): Remedy {
  const words = ['configure', '--for', 'aliyun', '--profile', profile]
  return {
    does: `sesame configure --for aliyun --profile ${shellWord(printable(profile, 64))}`,
    apply({ run, context }) {
      if (context.readConfig().profiles.has(profile)) return run(words)
      // The command would write a profile that runs in vain.
      throw new SesameError(
        'ERR_CONFIG',
        t('sesame has no profile {name}, so that the profile of the aliyun CLI cannot run it.', {
          name: printable(profile, 64),
        }),
      )
    },
  }
}

/** Takes all rights from group and others. */
export function byClosing(path: string, mode: number): Remedy {
  const closed = mode & 0o700
  const shown = shellWord(printable(path))
  return {
    does: `chmod ${closed.toString(8)} ${shown}`,
    apply: () => inWords('change', path, () => chmodSync(path, closed)),
  }
}

/** Deletes files of ours. */
export function byDeleting(paths: readonly string[], does: string): Remedy {
  return {
    does,
    apply() {
      for (const path of paths) inWords('remove', path, () => rmSync(path, { force: true }))
    },
  }
}
