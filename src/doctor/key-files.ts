import { join } from 'node:path'
import { readPlainFile } from '../files/index.ts'
import { type DeclaredText, printable, type ShellWords, shownText, t } from '../kit/index.ts'
import { exposed, type Finding, problem, saysOpen, warning } from './finding.ts'
import { byClosing } from './remedy.ts'
import type { Environment } from './shell-variables.ts'

const check = 'leftovers'

/** A file with an access key in plain text. */
export interface KeyFile {
  path: string
  mode: number
  /** Whose it is. */
  of: string
}

/** Long-term keys of other tools; those of aliyunlog and of the SDKs count in some programs more than what sesame hands over. */
export function checkKeyFile({ path, mode, of }: KeyFile, words: ShellWords): Finding[] {
  const shown = printable(path)
  const message = t(
    '{path}: an access key of {owner} in plain text, not needed once sesame gives the credentials',
    { path: shown, owner: of },
  )
  const fix = words.removeFile(shown)
  if (!exposed(mode)) return [warning(check, message, fix)]
  // Whether the key is needed elsewhere, its owner knows; that others can read it helps no program.
  return [problem(check, saysOpen(message, mode), fix, byClosing(path, mode))]
}

/** Where other tools keep keys: each with how a line of it names a secret that is there. */
const keyFiles: readonly { name: string; of: DeclaredText; secret: RegExp }[] = [
  { name: '.alibabacloud/credentials', of: 'the SDKs', secret: /^\s*access_key_secret\s*=\s*\S/m },
  { name: '.alibabacloud/credentials.ini', of: 'the SDKs', secret: /^\s*access_key_secret\s*=\s*\S/m },
  { name: '.aliyunlogcli', of: () => 'aliyunlog', secret: /^\s*access-key\s*=\s*\S/m },
  { name: '.ossutilconfig', of: () => 'ossutil', secret: /^\s*accessKeySecret\s*=\s*\S/im },
]

/** Which of them there are; of the SDKs' also the one that the environment names. */
export function lookAtKeyFiles(home: string, env: Environment): KeyFile[] {
  const named = env.ALIBABA_CLOUD_CREDENTIALS_FILE
  const places = keyFiles.map(({ name, ...rest }) => ({ path: join(home, ...name.split('/')), ...rest }))
  const [sdk] = places
  const all = named && sdk ? [{ ...sdk, path: named }, ...places] : places
  return all.flatMap(({ path, of, secret }, i) => {
    const file = readPlainFile(path, { followLink: true })
    const isFirst = all.findIndex((each) => each.path === path) === i
    return isFirst && file.kind === 'text' && secret.test(file.text)
      ? [{ path, mode: file.mode, of: shownText(of) }]
      : []
  })
}
