import { isSesameError, SesameError, shellWord, t } from '../kit/index.ts'

/** Only a sign-in would help, and the user cannot be asked. `reason` says why what is kept does not do. */
export function loginRequired(name: string, cause?: unknown, reason?: string): SesameError {
  const hint = reason ?? (isSesameError(cause, 'ERR_LOGIN_REQUIRED') ? cause.hint : undefined)
  return new SesameError(
    'ERR_LOGIN_REQUIRED',
    t('Sign in first: {command}', { command: loginCommand(name) }),
    {
      cause,
      ...(hint !== undefined && { hint }),
    },
  )
}

/** The words that sign in to a profile, as a person types them. */
export function loginCommand(name: string): string {
  return `sesame login --profile ${shellWord(name)}`
}

/** The portal refused account or access configuration; with the words that choose others. */
export function choiceRefused(name: string, { code, message, ...refusal }: SesameError): SesameError {
  const { serverCode, requestId, status } = refusal
  const hint =
    refusal.hint ??
    t(
      'Choose another: {command} --choose (or --account-id and --access-config), or ask the administrator of the directory.',
      { command: loginCommand(name) },
    )
  return new SesameError(code, message, { hint, serverCode, requestId, status })
}

/** Credentials were asked of a profile that has tokens only. */
export function withoutRole(name: string): SesameError {
  const hint = t('Use: {command}; or add --role-arn and --oidc-provider-arn with "sesame configure".', {
    command: `sesame token get --profile ${shellWord(name)}`,
  })
  return new SesameError(
    'ERR_CONFIG',
    t('Profile {name} has no role: it gives tokens, not credentials.', { name }),
    {
      hint,
    },
  )
}

/** A token was asked of a profile that has none of this kind. */
export function noSuchToken(name: string, why: string, hint: string): SesameError {
  return new SesameError('ERR_USAGE', t('Profile {name} has no such token: {why}.', { name, why }), { hint })
}

/** A token was asked of a profile that has credentials only. */
export function givesCredentials(name: string): SesameError {
  return noSuchToken(
    name,
    t('it gives credentials'),
    t('Use: {command}', { command: `sesame credentials --profile ${shellWord(name)}` }),
  )
}
