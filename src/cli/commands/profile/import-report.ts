import { formatInstant, printable, shellWord } from '../../../kit/index.ts'
import type { Config, ForeignConfiguration, ImportPlan, ImportStep } from '../../../profiles/index.ts'
import type { SecretsOutcome } from '../../../session/index.ts'

/** One line about one profile; without an outcome, about what would become of it. */
export function describeStep(step: ImportStep, outcome?: SecretsOutcome): string {
  const { foreign } = step
  const who = `${foreign.name} (${foreign.source})`
  if (step.kind === 'taken') {
    return step.by === 'import'
      ? `${who}: left out, another profile of that name comes from the other tool (--from ${foreign.source} --overwrite takes this one).`
      : `${who}: left out, there is another profile of that name (--overwrite replaces it).`
  }
  const dry = outcome === undefined
  const what = {
    create: dry ? 'would be imported' : 'imported',
    replace: dry ? 'would replace the profile of that name' : 'has replaced the profile of that name',
    same: 'already here',
  }[step.kind]
  const assignment =
    foreign.accountId === undefined
      ? ''
      : `, account ${foreign.accountId}, access configuration ${foreign.accessConfigurationId ?? foreign.accessConfigurationName ?? 'not chosen'}`
  return `${who}: ${what}${assignment}${describeSecrets(step, outcome)}.`
}

function describeSecrets({ foreign }: ImportStep, outcome: SecretsOutcome | undefined): string {
  const { credentials, token } = foreign
  const held = [
    credentials.kind === 'valid'
      ? `credentials valid until ${formatInstant(credentials.credentials.expiresAt)}`
      : undefined,
    token === undefined ? undefined : `a sign-in valid until ${formatInstant(token.expiresAt)}`,
  ].filter((each) => each !== undefined)
  if (held.length === 0) {
    if (credentials.kind === 'expired') return '; its credentials have expired'
    return credentials.kind === 'unusable' ? `; its credentials are left out, ${credentials.reason}` : ''
  }
  const fate = {
    kept: outcome?.kind === 'kept' ? `now in the store (${outcome.store})` : '',
    'not-kept': 'not kept',
    none: 'left out',
    would: 'would go to the store',
  }[outcome?.kind ?? 'would']
  return `; ${held.join(' and ')}: ${fate}`
}

/** What becomes of the default sign-in URL and of the current profile. */
export function describeDefaults(
  { config, signInUrl, currentProfile }: ImportPlan,
  foreign: readonly ForeignConfiguration[],
  dry: boolean,
): string[] {
  const is = dry ? 'would be' : 'is now'
  const other = foreign.find((each) => each.signInUrl !== undefined)?.signInUrl
  const otherCurrent = foreign.find((each) => each.currentProfile !== undefined)?.currentProfile
  return [
    signInUrl === undefined ? keepsUrl(config, other) : `The default sign-in URL ${is} ${signInUrl}`,
    currentProfile === undefined
      ? keepsCurrent(config, otherCurrent)
      : `The current profile ${is} ${currentProfile}.`,
  ].filter((line) => line !== undefined)
}

function keepsUrl({ signInUrl }: Config, other: string | undefined): string | undefined {
  if (other === undefined || signInUrl === undefined || signInUrl === other) return undefined
  return `The default sign-in URL stays ${printable(signInUrl)}; imported profiles keep ${printable(other)} as their own.`
}

function keepsCurrent({ currentProfile }: Config, other: string | undefined): string | undefined {
  if (other === undefined || currentProfile === undefined || currentProfile === other) return undefined
  return `The current profile stays ${printable(currentProfile)}.`
}

/** The aliyun CLI goes on using its file: what can be done about the secrets in it is said, not done. */
export function describeAliyunSecrets(foreign: readonly ForeignConfiguration[]): string[] {
  return foreign
    .filter(({ source }) => source === 'aliyun')
    .flatMap(({ files, secretsOf }) =>
      secretsOf.length === 0
        ? []
        : [
            `${files.map(({ path }) => printable(path)).join()} stays as it is and holds secrets in plain text; to have sesame give them to the aliyun CLI instead: ${secretsOf.map((name) => `sesame configure --for aliyun --profile ${shellWord(name)} --overwrite`).join('; ')}`,
          ],
    )
}
