import { commandLine } from './command-line.ts'
import { doctor } from './doctor.ts'
import { help } from './help.ts'
import { profileSync } from './profile-sync.ts'
import { serve } from './serve.ts'

/** Chinese (simplified): the English text as it stands in the code, and what a Chinese user reads. One file per subject. */
export const chinese = { ...commandLine, ...doctor, ...help, ...profileSync, ...serve } as const
