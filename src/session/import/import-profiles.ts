import type { StoreName } from '../../kit/index.ts'
import {
  type Config,
  type ForeignConfiguration,
  type ImportPlan,
  type ImportSource,
  type ImportStep,
  importSources,
  planImport,
  readAcsSso,
  readAliyun,
  withProfile,
} from '../../profiles/index.ts'
import { changeConfig } from '../change-config.ts'
import type { SessionContext } from '../session-context.ts'
import { importSecrets, type SecretsOutcome } from './import-secrets.ts'

/** Reads what other tools have left below `home`; `from` narrows it to one of them. Changes nothing. */
export function readForeignConfigurations(
  home: string,
  { from, now }: { from?: ImportSource | undefined; now: Date },
): ForeignConfiguration[] {
  const read = { 'acs-sso': readAcsSso, aliyun: readAliyun }
  return importSources
    .filter((source) => from === undefined || source === from)
    .map((source) => read[source](home, now))
}

/** What an import did: the plan as it was carried out, and what became of each profile's secrets. */
export interface ImportResult {
  plan: ImportPlan
  /** By step. */
  secrets: ReadonlyMap<ImportStep, SecretsOutcome>
}

/** How long an import waits for another sesame that is at work in a profile. */
const waitMs = 10_000

/**
 * Takes over the profiles of other tools: valid secrets go to the store first, then the configuration is written once. A
 * profile that another process made in between stays as it is. A store that refuses costs the secrets (a warning, and a part of
 * the result), not the profiles.
 */
export async function importProfiles(
  foreign: readonly ForeignConfiguration[],
  options: { overwrite: boolean },
  context: SessionContext,
): Promise<ImportResult> {
  const intended = planImport(foreign, context.readConfig(), options)
  const outcomes = new Map<string, SecretsOutcome>()
  for (const step of intended.steps) {
    if (step.kind === 'taken') continue
    const { name } = step.foreign
    const run = () => importSecrets(step.foreign, intended.config, context)
    outcomes.set(name, await context.withLock(`profile:${name}`, run, { waitMs }))
  }
  let plan = intended
  await changeConfig((now) => {
    plan = planImport(foreign, now, options)
    return withStores(plan, outcomes, now)
  }, context)
  const secrets = new Map(
    plan.steps.map((step) => [
      step,
      (step.kind === 'taken' ? undefined : outcomes.get(step.foreign.name)) ?? { kind: 'none' as const },
    ]),
  )
  return { plan, secrets }
}

/** The planned configuration with the stores that now hold secrets; the same object when nothing changes. */
function withStores(plan: ImportPlan, outcomes: ReadonlyMap<string, SecretsOutcome>, now: Config): Config {
  let { config } = plan
  for (const step of plan.steps) {
    if (step.kind === 'taken') continue
    const store = storeOf(outcomes.get(step.foreign.name))
    const profile = config.profiles.get(step.foreign.name)
    if (store === undefined || profile === undefined || profile.store === store) continue
    config = withProfile(config, step.foreign.name, { ...profile, store })
  }
  return config === plan.config && plan.steps.every(({ kind }) => kind === 'same' || kind === 'taken')
    ? unchangedOr(config, now)
    : config
}

function unchangedOr(config: Config, now: Config): Config {
  return config.signInUrl === now.signInUrl && config.currentProfile === now.currentProfile ? now : config
}

function storeOf(outcome: SecretsOutcome | undefined): StoreName | undefined {
  return outcome?.kind === 'kept' ? outcome.store : undefined
}
