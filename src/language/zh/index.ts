import { browserPages } from './browser-pages.ts'
import { commandLine } from './command-line.ts'
import { compose } from './compose.ts'
import { cloudConsole } from './console.ts'
import { doctor } from './doctor.ts'
import { files } from './files.ts'
import { help } from './help.ts'
import { http } from './http.ts'
import { identity } from './identity.ts'
import { kit } from './kit.ts'
import { kubernetes } from './kubernetes.ts'
import { loginCard } from './login-card.ts'
import { oidc } from './oidc.ts'
import { output } from './output.ts'
import { profileSync } from './profile-sync.ts'
import { serve } from './serve.ts'
import { session } from './session.ts'
import { signIn } from './sign-in.ts'
import { standalone } from './standalone.ts'
import { sts } from './sts.ts'
import { terminal } from './terminal.ts'
import { use } from './use.ts'
import { values } from './values.ts'

/** Chinese (simplified): the English text as it stands in the code, and what a Chinese user reads. One file per subject. */
export const chinese = {
  ...commandLine,
  ...compose,
  ...cloudConsole,
  ...files,
  ...doctor,
  ...help,
  ...http,
  ...kit,
  ...kubernetes,
  ...loginCard,
  ...output,
  ...profileSync,
  ...sts,
  ...serve,
  ...signIn,
  ...standalone,
  ...use,
  ...browserPages,
  ...identity,
  ...oidc,
  ...session,
  ...terminal,
  ...values,
} as const
