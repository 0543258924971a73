import type { Program } from '../../../compose/index.ts'
import type { OssCredentials } from '../../../oss/index.ts'
import { getCredentials, remainingLifeMs } from '../../../session/index.ts'
import { chosenProfile, type Input } from '../../command.ts'

/** What a request is signed with: a profile's credentials, and the instant by the server's clock. */
export interface OssSigner {
  credentials: OssCredentials & { expiresAt: Date }
  now: Date
}

/** Credentials from the store or renewed, never by a prompt. @throws SesameError ERR_LOGIN_REQUIRED … */
export async function ossSigner(
  input: Input,
  { session, edges }: Pick<Program, 'session' | 'edges'>,
): Promise<OssSigner> {
  const stored = await getCredentials(chosenProfile(input, { session, edges }), {}, session)
  const { accessKeyId, accessKeySecret, securityToken, expiresAt } = stored.credentials
  // OSS refuses what is signed 15 minutes off: a local clock that is known to be wrong must not sign.
  const now = new Date(expiresAt.getTime() - remainingLifeMs(stored, session.clock))
  return {
    credentials: {
      accessKeyId,
      accessKeySecret: accessKeySecret.reveal(),
      securityToken: securityToken.reveal(),
      expiresAt,
    },
    now,
  }
}
