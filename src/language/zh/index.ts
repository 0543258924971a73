import { browserPages } from './browser-pages.ts'
import { commandLine } from './command-line.ts'
import { common } from './common.ts'
import { compose } from './compose.ts'
import { configure } from './configure.ts'
import { cloudConsole } from './console.ts'
import { doctor } from './doctor.ts'
import { doctorFindings } from './doctor-findings.ts'
import { doctorShell } from './doctor-shell.ts'
import { encryptedFile } from './encrypted-file.ts'
import { files } from './files.ts'
import { help } from './help.ts'
import { http } from './http.ts'
import { identity } from './identity.ts'
import { integrations } from './integrations.ts'
import { jwt } from './jwt.ts'
import { keychain } from './keychain.ts'
import { kit } from './kit.ts'
import { kubernetes } from './kubernetes.ts'
import { login } from './login.ts'
import { loginCard } from './login-card.ts'
import { nextSteps } from './next-steps.ts'
import { oidc } from './oidc.ts'
import { oss } from './oss.ts'
import { output } from './output.ts'
import { profileImport } from './profile-import.ts'
import { profileSync } from './profile-sync.ts'
import { profiles } from './profiles.ts'
import { serve } from './serve.ts'
import { session } from './session.ts'
import { signIn } from './sign-in.ts'
import { sst } from './sst.ts'
import { standalone } from './standalone.ts'
import { sts } from './sts.ts'
import { terminal } from './terminal.ts'
import { token } from './token.ts'
import { use } from './use.ts'
import { values } from './values.ts'

/** Chinese (simplified): the English text as it stands in the code, and what a Chinese user reads. One file per subject. */
export const chinese = {
  ...commandLine,
  ...common,
  ...compose,
  ...configure,
  ...cloudConsole,
  ...doctor,
  ...doctorFindings,
  ...doctorShell,
  ...encryptedFile,
  ...files,
  ...help,
  ...http,
  ...integrations,
  ...jwt,
  ...keychain,
  ...kit,
  ...kubernetes,
  ...login,
  ...loginCard,
  ...nextSteps,
  ...oss,
  ...output,
  ...profileImport,
  ...profileSync,
  ...profiles,
  ...serve,
  ...signIn,
  ...sst,
  ...standalone,
  ...sts,
  ...token,
  ...use,
  ...browserPages,
  ...identity,
  ...oidc,
  ...session,
  ...terminal,
  ...values,
} as const
