import { type FixedText, SesameError, t } from '../kit/index.ts'
import { fileError } from './file-calls.ts'

/** What Node calls with a path, and how messages say it. */
const attempts: Readonly<Record<string, FixedText>> = {
  access: 'use',
  chdir: 'use',
  chmod: 'change',
  copyfile: 'copy',
  ftruncate: 'write',
  link: 'create',
  lstat: 'look at',
  mkdir: 'create the directory',
  open: 'open',
  opendir: 'look at',
  read: 'read',
  readlink: 'look at',
  realpath: 'look at',
  rename: 'write',
  rm: 'remove',
  rmdir: 'remove',
  scandir: 'look at',
  stat: 'look at',
  statfs: 'look at',
  symlink: 'create',
  unlink: 'remove',
  utime: 'change',
  write: 'write',
}

/** The words for an error of the file system that reached the end of the program; undefined for any other error. */
export function strayFileError(error: unknown): SesameError | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || typeof error.syscall !== 'string')
    return undefined
  if (error.syscall === 'uv_cwd') {
    return new SesameError('ERR_FILE', t('The current directory does not exist any more.'), {
      hint: t('Change to another directory.'),
      cause: error,
    })
  }
  const attempt = attempts[error.syscall.replace(/^f(?=sync$|stat$|chmod$)/, '')]
  if (attempt === undefined) return undefined
  const path = 'path' in error && typeof error.path === 'string' ? error.path : t('a file')
  return fileError(attempt, path, error)
}
