import { commandLine } from './command-line.ts'
import { help } from './help.ts'
import { profileSync } from './profile-sync.ts'
import { standalone } from './standalone.ts'

/** Chinese (simplified): the English text as it stands in the code, and what a Chinese user reads. One file per subject. */
export const chinese = { ...commandLine, ...help, ...profileSync, ...standalone } as const
