import { commandLine } from './command-line.ts'
import { help } from './help.ts'
import { standalone } from './standalone.ts'

/** Chinese (simplified): the English text as it stands in the code, and what a Chinese user reads. One file per subject. */
export const chinese = { ...commandLine, ...help, ...standalone } as const
