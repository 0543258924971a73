import { commandLine } from './command-line.ts'
import { doctor } from './doctor.ts'
import { serve } from './serve.ts'

/** Chinese (simplified): the English text as it stands in the code, and what a Chinese user reads. One file per subject. */
export const chinese = { ...commandLine, ...doctor, ...serve } as const
