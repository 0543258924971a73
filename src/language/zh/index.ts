import { commandLine } from './command-line.ts'
import { common } from './common.ts'
import { cloudConsole } from './console.ts'
import { doctor } from './doctor.ts'
import { help } from './help.ts'
import { integrations } from './integrations.ts'
import { jwt } from './jwt.ts'
import { kubernetes } from './kubernetes.ts'
import { loginCard } from './login-card.ts'
import { oss } from './oss.ts'
import { profileSync } from './profile-sync.ts'
import { serve } from './serve.ts'
import { signIn } from './sign-in.ts'
import { sst } from './sst.ts'
import { standalone } from './standalone.ts'
import { token } from './token.ts'
import { use } from './use.ts'

/** Chinese (simplified): the English text as it stands in the code, and what a Chinese user reads. One file per subject. */
export const chinese = {
  ...commandLine,
  ...common,
  ...cloudConsole,
  ...doctor,
  ...help,
  ...integrations,
  ...jwt,
  ...kubernetes,
  ...loginCard,
  ...oss,
  ...profileSync,
  ...serve,
  ...signIn,
  ...sst,
  ...standalone,
  ...token,
  ...use,
} as const
