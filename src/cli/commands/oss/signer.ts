import type { Program } from '../../../compose/index.ts'
import { formatInstant, t } from '../../../kit/index.ts'
import type { ExpiryNotice, OssCredentials } from '../../../oss/index.ts'
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

/** Hears when what is signed ends sooner than was asked for, and says until when it works. */
export function expiryWatch(now: Date, expiresSeconds: number) {
  let endsAt = new Date(now.getTime() + expiresSeconds * 1000)
  let capped = false
  return {
    onNotice({ expiresAt }: ExpiryNotice): void {
      endsAt = expiresAt
      capped = true
    },
    notify({ notify, edges }: Pick<Program, 'notify' | 'edges'>, what: 'URL' | 'form'): void {
      const instant = formatInstant(endsAt)
      if (capped)
        notify(
          what === 'URL'
            ? t('The URL works until {instant} only: then the credentials expire.', { instant })
            : t('The form works until {instant} only: then the credentials expire.', { instant }),
        )
      else if (edges.isTerminal(1))
        notify(
          what === 'URL'
            ? t('Anyone with this URL can use it until {instant}.', { instant })
            : t('Anyone with this form can use it until {instant}.', { instant }),
        )
    },
  }
}
