import type { Profile } from '../../profile/index.ts'
import type { ProfileSettings } from '../../session/index.ts'
import type { Program } from '../compose.ts'

/** What a person is asked who names a profile and nothing else; what is configured already is the default. */
export async function askSettings(
  name: string,
  before: Profile | undefined,
  defaultUrl: string | undefined,
  { session: { signal } }: Program,
): Promise<ProfileSettings> {
  const { askLine, askSignInUrl, chooseKind } = await import('../prompts.ts')
  const kind = before?.kind ?? (await chooseKind(`How does profile ${name} sign in?`, signal))
  const ask = (message: string, known?: string) => askLine(message, known, signal)
  const optional = async (message: string, known?: string) => (await ask(message, known)) || undefined
  switch (kind) {
    case 'cloudsso': {
      const known = before?.kind === 'cloudsso' ? before.signInUrl : undefined
      return { signInUrl: await askSignInUrl(known ?? defaultUrl, signal) }
    }
    case 'oidc': {
      const known = before?.kind === 'oidc' ? before : undefined
      return {
        issuer: await ask('Issuer URL:', known?.issuer),
        clientId: await ask('Client id:', known?.clientId),
        ...(await askOidcRole(known?.roleArn, known?.oidcProviderArn, optional)),
      }
    }
    case 'idaas': {
      const known = before?.kind === 'idaas' ? before : undefined
      return {
        idaasUrl: await ask('IDaaS URL:', known?.idaasUrl),
        applicationUuid: await ask('Application uuid:', known?.applicationUuid),
        appKey: await ask('appKey:', known?.appKey),
        ...(await askOidcRole(known?.roleArn, known?.oidcProviderArn, optional)),
      }
    }
    case 'role': {
      const known = before?.kind === 'role' ? before : undefined
      return {
        sourceProfile: await ask('Source profile:', known?.sourceProfile),
        roleArn: await ask('Role ARN:', known?.roleArn),
      }
    }
  }
}

async function askOidcRole(
  roleArn: string | undefined,
  oidcProviderArn: string | undefined,
  optional: (message: string, known?: string) => Promise<string | undefined>,
): Promise<ProfileSettings> {
  const role = await optional('Role ARN (empty for tokens only):', roleArn)
  if (role === undefined) return {}
  return { roleArn: role, oidcProviderArn: await optional('OIDC provider ARN in RAM:', oidcProviderArn) }
}
