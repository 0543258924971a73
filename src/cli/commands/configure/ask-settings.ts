import type { Program } from '../../../compose/index.ts'
import { SesameError } from '../../../kit/index.ts'
import { normalizeSignInUrl, type Profile } from '../../../profiles/index.ts'
import { checkSettings, type ProfileSettings } from '../../../session/index.ts'
import { askLine, chooseValue } from '../../../terminal/index.ts'

const kinds: readonly { name: string; value: Profile['kind'] }[] = [
  { name: 'CloudSSO: an Alibaba Cloud sign-in URL', value: 'cloudsso' },
  { name: 'OIDC: Keycloak, Entra ID, Okta, any other provider', value: 'oidc' },
  { name: 'IDaaS: the API token of an application', value: 'idaas' },
  { name: 'Role: with the credentials of another profile', value: 'role' },
]

type Ask = (
  setting: keyof ProfileSettings,
  message: string,
  known: string | undefined,
  mayBeEmpty?: boolean,
) => Promise<string>

/** What a person is asked who names a profile and nothing else; what is configured already is the default. */
export async function askSettings(
  name: string,
  before: Profile | undefined,
  defaultUrl: string | undefined,
  { session: { signal } }: Program,
): Promise<ProfileSettings> {
  const kind = before?.kind ?? (await chooseValue(`How does profile ${name} sign in?`, kinds, signal))
  const ask: Ask = (setting, message, known, mayBeEmpty = false) => {
    const check = (text: string) => checkAnswer(setting, text, mayBeEmpty)
    return askLine(message, { known, check }, signal)
  }
  switch (kind) {
    case 'cloudsso': {
      const known = before?.kind === 'cloudsso' ? before.signInUrl : undefined
      return { signInUrl: await askSignInUrl(known ?? defaultUrl, signal) }
    }
    case 'oidc': {
      const known = before?.kind === 'oidc' ? before : undefined
      return {
        issuer: await ask('issuer', 'Issuer URL:', known?.issuer),
        clientId: await ask('clientId', 'Client id:', known?.clientId),
        ...(await askOidcRole(known?.roleArn, known?.oidcProviderArn, ask)),
      }
    }
    case 'idaas': {
      const known = before?.kind === 'idaas' ? before : undefined
      return {
        idaasUrl: await ask('idaasUrl', 'IDaaS URL:', known?.idaasUrl),
        applicationUuid: await ask('applicationUuid', 'Application uuid:', known?.applicationUuid),
        appKey: await ask('appKey', 'appKey:', known?.appKey),
        ...(await askOidcRole(known?.roleArn, known?.oidcProviderArn, ask)),
      }
    }
    case 'role': {
      const known = before?.kind === 'role' ? before : undefined
      return {
        sourceProfile: await ask('sourceProfile', 'Source profile:', known?.sourceProfile),
        roleArn: await ask('roleArn', 'Role ARN:', known?.roleArn),
      }
    }
  }
}

/** Asks for the CloudSSO sign-in URL until it is one. */
export async function askSignInUrl(known: string | undefined, signal: AbortSignal): Promise<string> {
  const check = async (text: string) => normalizeSignInUrl(text)
  return askLine('CloudSSO sign-in URL:', { known, check }, signal)
}

async function askOidcRole(
  roleArn: string | undefined,
  oidcProviderArn: string | undefined,
  ask: Ask,
): Promise<ProfileSettings> {
  const role = await ask('roleArn', 'Role ARN (empty for tokens only):', roleArn, true)
  if (role === '') return {}
  return {
    roleArn: role,
    oidcProviderArn: await ask('oidcProviderArn', 'OIDC provider ARN in RAM:', oidcProviderArn),
  }
}

/** A mistake is told where it can be mended, not after the last question. */
async function checkAnswer(setting: keyof ProfileSettings, text: string, mayBeEmpty: boolean): Promise<void> {
  if (text !== '') await checkSettings({ [setting]: text })
  else if (!mayBeEmpty) throw new SesameError('ERR_USAGE', 'A profile of this kind cannot do without it.')
}
