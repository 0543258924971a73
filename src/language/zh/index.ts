import { commandLine } from './command-line.ts'
import { cloudConsole } from './console.ts'
import { help } from './help.ts'
import { kubernetes } from './kubernetes.ts'
import { profileSync } from './profile-sync.ts'

/** Chinese (simplified): the English text as it stands in the code, and what a Chinese user reads. One file per subject. */
export const chinese = { ...commandLine, ...help, ...cloudConsole, ...kubernetes, ...profileSync } as const
