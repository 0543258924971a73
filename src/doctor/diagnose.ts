import { isAbsolute } from 'node:path'
import { homeOfTool, SesameError, type StoreChoice, shellWordsOf, t } from '../kit/index.ts'
import type { Config } from '../profiles/index.ts'
import type { SessionContext } from '../session/index.ts'
import { checkAliyunCli } from './aliyun-cli.ts'
import { checkClock } from './clock.ts'
import { checkConfig, checkState, configOf, lookAtConfig } from './config.ts'
import type { DoctorContext } from './doctor-context.ts'
import { checkEnvironment } from './environment.ts'
import { type Finding, failureOf, problem } from './finding.ts'
import { checkLeftStore, leftOver, lookAtLeftStores, notMovedYet } from './left-stores.ts'
import { checkLeftovers, lookAtFiles, lookAtPlaintextStore } from './leftovers.ts'
import { lookAtProfiles } from './look-at-profiles.ts'
import { checkProfile, type ProfileFacts } from './profiles.ts'
import { checkSdkChain } from './sdk-chain.ts'
import { askServers, checkServer } from './servers.ts'
import type { Environment } from './shell-variables.ts'
import { checkStore, isReadable, lookAtStore, storeChoicesOf } from './store.ts'
import { checkVersions } from './versions.ts'

export interface DiagnoseOptions {
  /** Only this profile, and the servers behind it. */
  profile?: string | undefined
  offline: boolean
}

/**
 * Looks at everything that a login or a program in this shell depends on. It never prompts, opens no browser, renews nothing;
 * what does not answer in time is a finding as well. Stores (5 s), then profiles (3 s), and the servers beside them.
 */
export async function diagnose(
  { profile, offline }: DiagnoseOptions,
  host: DoctorContext,
  context: SessionContext,
): Promise<Finding[]> {
  const { env, platform } = host
  const now = context.clock.now()
  const words = shellWordsOf(env, platform)
  const place = attempt(host.place)
  if (place.kind === 'failed')
    return [
      checkVersions(host.versions),
      problem('config', place.message, place.hint ?? words.unset([relativeDirectory(env)])),
    ]
  const configFacts = lookAtConfig(place.value.configuration, context)
  const config = configOf(configFacts)
  const override = attempt(() => context.storeOverride())
  const storeOverride = override.kind === 'failed' ? undefined : override.value
  // What there is to say becomes findings.
  const quiet = { ...context, storeOverride: () => storeOverride, warn: () => undefined }
  if (profile !== undefined && configFacts.read.kind === 'config' && !config.profiles.has(profile)) {
    throw new SesameError('ERR_USAGE', t('There is no profile {name}.', { name: profile }), {
      hint: t('"sesame profile list" shows all.'),
    })
  }
  const names = [...config.profiles.keys()].filter((name) => profile === undefined || name === profile)
  const choices = storeChoicesOf(names, config, quiet)
  const lookInside = async () => {
    const stores = await Promise.all(choices.map((choice) => lookAtStore(choice, host, context)))
    const readable = (choice: StoreChoice) => isReadable(stores.find((each) => each.choice === choice))
    const profiles = await lookAtProfiles(names, config, quiet, readable)
    return { stores, profiles, left: await lookAtLeftStores(names, config, quiet) }
  }
  const [servers, { stores, profiles, left }] = await Promise.all([
    askServers(names, config, { offline, wayTo: host.wayTo }, quiet),
    lookInside(),
  ])
  const files = lookAtFiles(host.homeDirectory, env, now, (tool) => homeOfTool(tool, host))
  const inUse = choices.includes('plaintext') || left.some(({ store }) => store === 'plaintext')
  const isWhole = configFacts.read.kind === 'config' && configFacts.fileMode !== undefined
  const allKnown = isWhole && profile === undefined && profiles.every(isKnown)
  const found = lookAtPlaintextStore(place.value, inUse)
  const plaintextStore = found && { ...found, allKnown }
  const moving = notMovedYet(left, profiles)
  return [
    checkVersions(host.versions),
    ...checkConfig(configFacts, words),
    checkState(place.value),
    ...(override.kind === 'failed'
      ? [problem('store', override.message, words.unset(['SESAME_STORE']))]
      : []),
    ...stores.map((store) => {
      const usedBy = names.find((name) => storeChoicesOf([name], config, quiet)[0] === store.choice)
      return checkStore(store, { fromEnvironment: storeOverride !== undefined, words, usedBy })
    }),
    ...profiles.map((each) => checkProfile({ ...each, elsewhere: moving.get(each.name) })),
    ...servers.map(checkServer),
    checkClock(servers, platform),
    ...checkLeftovers(
      { ...files.leftovers, plaintextStore },
      leftOver(left, moving).map((each) => checkLeftStore({ ...each, words })),
      words,
    ),
    ...checkEnvironment(env, platform, now),
    checkSdkChain({ env, platform, aliyun: files.aliyunOfSdks, iniPath: files.iniPath }),
    checkAliyunCli(env, platform, files.aliyun, ownProfile(config)),
  ].filter((finding) => finding !== undefined)
}

/** A profile that `configure --for aliyun` could take. */
function ownProfile({ currentProfile, profiles }: Config): string | undefined {
  return currentProfile !== undefined && profiles.has(currentProfile)
    ? currentProfile
    : [...profiles.keys()][0]
}

/** Whether it is known where this profile has its secrets. */
function isKnown({ failure, status, signInUrl }: ProfileFacts): boolean {
  return failure === undefined && status !== 'unknown' && signInUrl !== undefined
}

function relativeDirectory(env: Environment): string {
  const given = env.SESAME_CONFIG_DIR
  return given && !isAbsolute(given) ? 'SESAME_CONFIG_DIR' : 'SESAME_STATE_DIR'
}

function attempt<T>(get: () => T): { kind: 'value'; value: T } | ReturnType<typeof failureOf> {
  try {
    return { kind: 'value', value: get() }
  } catch (error) {
    return failureOf(error)
  }
}
