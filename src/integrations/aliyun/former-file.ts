import { isDeepStrictEqual } from 'node:util'
import { writePrivateFile } from '../../files/index.ts'
import { printable, t } from '../../kit/index.ts'
import {
  type AliyunContent,
  type AliyunProfile,
  aliyunBackups,
  isBorrowed,
  readAliyunConfig,
  runsSesame,
  secretsOf,
} from '../../profiles/index.ts'
import { formerPath } from '../tool-file.ts'
import { withEntryText, withoutCredentials, withProfileText } from './config.ts'

type Former = Pick<AliyunContent, 'path' | 'text' | 'profiles'>

/**
 * Keeps what a profile of the user's own was before it is replaced, and returns the path of the file that has it: a copy of the whole
 * file, or the former copy, if that has this profile too or takes it in. Nothing that a sign-in gives anew goes along.
 */
export function keepFormer(file: Former, replaced: AliyunProfile, now: Date): string {
  const kept = withoutCredentialsOf(file, isBorrowed)
  const entry = isBorrowed(replaced) ? withoutCredentials(replaced.entry) : replaced.entry
  for (const copy of copiesBeside(file.path)) {
    const same = copy.profiles.find(({ name }) => name === replaced.name)
    if (same !== undefined && !isDeepStrictEqual(same.entry, entry)) continue
    if (same === undefined) writePrivateFile(copy.path, withProfileText(copy.text, entry))
    return copy.path
  }
  const path = formerPath(file.path, now)
  writePrivateFile(path, kept)
  return path
}

/** Takes the secrets of our own profiles out of the copies beside the file; an SDK may have written some before a copy was made. */
export function cleanFormer(path: string, notify: (line: string) => void): void {
  for (const copy of copiesBeside(path)) {
    const text = withoutCredentialsOf(copy, runsSesame)
    if (text === copy.text) continue
    writePrivateFile(copy.path, text)
    notify(t("Secrets of sesame's profiles were removed from {path}", { path: printable(copy.path) }))
  }
}

/** The text of a file in which the profiles of one kind have no secrets. */
function withoutCredentialsOf(
  { text, profiles }: Omit<Former, 'path'>,
  isMeant: (profile: AliyunProfile) => boolean,
): string {
  return profiles.reduce(
    (now, profile, i) =>
      isMeant(profile) && secretsOf(profile).length > 0
        ? withEntryText(now, i, withoutCredentials(profile.entry))
        : now,
    text,
  )
}

/** The readable copies, the newest first. */
function copiesBeside(path: string): AliyunContent[] {
  return aliyunBackups(path)
    .map(readAliyunConfig)
    .filter((config) => config.kind === 'content')
}
