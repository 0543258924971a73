/** Every spelling in which credentials leave on stdout (`--format`). */
export type Format = JsonFormat | ShellFormat | 'dotenv'

/** Formats read by a program: one JSON object on one line. */
export type JsonFormat = 'json' | 'aws' | 'ossutil'

/** Formats that a shell evaluates, and that must therefore say something when there is nothing to hand over. */
export type ShellFormat = 'env' | 'fish' | 'powershell' | 'cmd' | 'aws-env'

export const formats: readonly Format[] = [
  'json',
  'env',
  'fish',
  'powershell',
  'cmd',
  'dotenv',
  'aws',
  'aws-env',
  'ossutil',
]

/** True for the formats whose text is run by a shell (`eval`, `source`, `Invoke-Expression`, `for /f`). */
export function isShellFormat(format: Format): format is ShellFormat {
  return ['env', 'fish', 'powershell', 'cmd', 'aws-env'].includes(format)
}
