import { formatInstant, printable, shellWord, t } from '../../../kit/index.ts'
import type { Config, ForeignConfiguration, ImportPlan, ImportStep } from '../../../profiles/index.ts'
import type { SecretsOutcome } from '../../../session/index.ts'

/** One line about one profile; without an outcome, about what would become of it. */
export function describeStep(step: ImportStep, outcome?: SecretsOutcome): string {
  const { foreign } = step
  const who = t('{value} ({mark})', { value: foreign.name, mark: foreign.source })
  if (step.kind === 'taken') {
    return step.by === 'import'
      ? t(
          '{who}: left out, another profile of that name comes from the other tool (--from {source} --overwrite takes this one).',
          { who, source: foreign.source },
        )
      : t('{who}: left out, there is another profile of that name (--overwrite replaces it).', { who })
  }
  const dry = outcome === undefined
  const what = {
    create: dry ? t('would be imported') : t('imported'),
    replace: dry ? t('would replace the profile of that name') : t('has replaced the profile of that name'),
    same: t('already here'),
  }[step.kind]
  const { accountId, accessConfigurationId, accessConfigurationName } = foreign
  const done =
    accountId === undefined
      ? what
      : t('{what}, account {account}, access configuration {configuration}', {
          what,
          account: accountId,
          configuration: accessConfigurationId ?? accessConfigurationName ?? t('not chosen'),
        })
  const secrets = describeSecrets(step, outcome)
  const all = secrets === undefined ? done : t('{what}; {secrets}', { what: done, secrets })
  return t('{who}: {what}.', { who, what: all })
}

function describeSecrets({ foreign }: ImportStep, outcome: SecretsOutcome | undefined): string | undefined {
  const { credentials, token } = foreign
  const held = [
    credentials.kind === 'valid'
      ? t('credentials valid until {instant}', {
          instant: formatInstant(credentials.credentials.expiresAt),
        })
      : undefined,
    token === undefined
      ? undefined
      : t('a sign-in valid until {instant}', { instant: formatInstant(token.expiresAt) }),
  ].filter((each) => each !== undefined)
  if (held.length === 0) {
    if (credentials.kind === 'expired') return t('its credentials have expired')
    return credentials.kind === 'unusable'
      ? t('its credentials are left out, {reason}', { reason: credentials.reason })
      : undefined
  }
  const fate = {
    kept: outcome?.kind === 'kept' ? t('now in the store ({store})', { store: outcome.store }) : '',
    'not-kept': t('not kept'),
    none: t('left out'),
    would: t('would go to the store'),
  }[outcome?.kind ?? 'would']
  return t('{what}: {fate}', { what: held.join(t(' and ')), fate })
}

/** What becomes of the default sign-in URL and of the current profile. */
export function describeDefaults(
  { config, signInUrl, currentProfile }: ImportPlan,
  foreign: readonly ForeignConfiguration[],
  dry: boolean,
): string[] {
  const other = foreign.find((each) => each.signInUrl !== undefined)?.signInUrl
  const otherCurrent = foreign.find((each) => each.currentProfile !== undefined)?.currentProfile
  return [
    signInUrl === undefined
      ? keepsUrl(config, other)
      : dry
        ? t('The default sign-in URL would be {url}', { url: signInUrl })
        : t('The default sign-in URL is now {url}', { url: signInUrl }),
    currentProfile === undefined
      ? keepsCurrent(config, otherCurrent)
      : dry
        ? t('The current profile would be {name}.', { name: currentProfile })
        : t('The current profile is now {name}.', { name: currentProfile }),
  ].filter((line) => line !== undefined)
}

function keepsUrl({ signInUrl }: Config, other: string | undefined): string | undefined {
  if (other === undefined || signInUrl === undefined || signInUrl === other) return undefined
  return t('The default sign-in URL stays {url}; imported profiles keep {other} as their own.', {
    url: printable(signInUrl),
    other: printable(other),
  })
}

function keepsCurrent({ currentProfile }: Config, other: string | undefined): string | undefined {
  if (other === undefined || currentProfile === undefined || currentProfile === other) return undefined
  return t('The current profile stays {name}.', { name: printable(currentProfile) })
}

/** The aliyun CLI goes on using its file: what can be done about the secrets in it is said, not done. */
export function describeAliyunSecrets(foreign: readonly ForeignConfiguration[]): string[] {
  return foreign
    .filter(({ source }) => source === 'aliyun')
    .flatMap(({ files, secretsOf }) =>
      secretsOf.length === 0
        ? []
        : [
            t(
              '{paths} stays as it is and holds secrets in plain text; to have sesame give them to the aliyun CLI instead: {commands}',
              {
                paths: files.map(({ path }) => printable(path)).join(),
                commands: secretsOf
                  .map((name) => `sesame configure --for aliyun --profile ${shellWord(name)} --overwrite`)
                  .join('; '),
              },
            ),
          ],
    )
}
