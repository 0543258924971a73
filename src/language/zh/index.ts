import { commandLine } from './command-line.ts'
import { cloudConsole } from './console.ts'
import { help } from './help.ts'
import { kubernetes } from './kubernetes.ts'
import { loginCard } from './login-card.ts'
import { profileSync } from './profile-sync.ts'
import { use } from './use.ts'

/** Chinese (simplified): the English text as it stands in the code, and what a Chinese user reads. One file per subject. */
export const chinese = {
  ...commandLine,
  ...cloudConsole,
  ...help,
  ...kubernetes,
  ...loginCard,
  ...profileSync,
  ...use,
} as const
