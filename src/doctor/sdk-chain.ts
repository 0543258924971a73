import { parseUrl, printable, type ShellWords, shellWordsOf, t } from '../kit/index.ts'
import type { AliyunFacts } from './aliyun-facts.ts'
import { sdkFamily } from './environment.ts'
import { type Finding, ok, warning } from './finding.ts'
import { allOf, type Environment, isOn, namesSet, variable } from './shell-variables.ts'

export interface ChainFacts {
  env: Environment
  platform: NodeJS.Platform
  aliyun: AliyunFacts | undefined
  /** The SDKs' own ini file, when it has the section that they would read. */
  iniPath: string | undefined
}

/** A source that has something to give; `ours` when that comes from sesame. */
interface Source {
  label: string
  ours: boolean
  /** What takes it out of the way. */
  remove: string
  /** An address that is asked over http. */
  isUri?: boolean
}

const check = 'sdk-chain'
const oidc = ['ALIBABA_CLOUD_ROLE_ARN', 'ALIBABA_CLOUD_OIDC_PROVIDER_ARN', 'ALIBABA_CLOUD_OIDC_TOKEN_FILE']

/**
 * Which source wins for a program that uses the default chain of an Alibaba Cloud SDK in this shell: environment, OIDC,
 * profile of the aliyun CLI, ini file, ECS metadata, credentials URI (the order of all four SDKs); and what of sesame it
 * hides.
 */
export function checkSdkChain(facts: ChainFacts): Finding {
  const { env, platform } = facts
  const words = shellWordsOf(env, platform)
  const sources = sourcesOf(facts)
  const [winner, ...hidden] = sources
  if (winner === undefined) {
    const message = t('SDKs find no credentials in this shell; "sesame exec -- COMMAND" gives them some')
    return ok(check, message)
  }
  const shadowed = hidden.find(({ ours }) => ours)
  const proxies = Object.keys(env).filter((name) => name.toLowerCase() === 'http_proxy' && env[name])
  if (winner.ours && winner.isUri && proxies.length > 0) {
    const message = t(
      'SDKs take {source}, but the Python SDK asks {proxies} for it, and shows the proxy its secret path',
      { source: winner.label, proxies: proxies.join(t(' and ')) },
    )
    return warning(check, message, words.unset(proxies))
  }
  if (winner.ours) return ok(check, t('SDKs take {source}', { source: winner.label }))
  if (shadowed !== undefined)
    return warning(
      check,
      t('SDKs take {source}, which hides {hidden}', { source: winner.label, hidden: shadowed.label }),
      winner.remove,
    )
  const message = t('SDKs take {source}, not sesame', { source: winner.label })
  return warning(check, message, 'sesame exec -- COMMAND')
}

/** All sources with something to give, the winner first. ECS metadata counts only where it would come before ours. */
function sourcesOf({ env, platform, aliyun, iniPath }: ChainFacts): Source[] {
  const words = shellWordsOf(env, platform)
  const uri = credentialsUri(env, words)
  return [
    environmentKeys(env, words),
    oidcRole(env, words),
    cliProfile(env, words, aliyun),
    iniPath === undefined
      ? undefined
      : {
          label: t('the ini file {path}', { path: printable(iniPath) }),
          ours: false,
          remove: words.move(printable(iniPath), `${printable(iniPath)}.off`),
        },
    uri === undefined ? undefined : ecsMetadata(env, words),
    uri,
  ].filter((source) => source !== undefined)
}

function environmentKeys(env: Environment, words: ShellWords): Source | undefined {
  const { id, secret, tokens } = sdkFamily
  if (variable(env, id) === undefined || variable(env, secret) === undefined) return undefined
  const profile = variable(env, 'SESAME_PROFILE')
  const ours = variable(env, 'SESAME_EXPIRATION') !== undefined
  return {
    label: ours ? saysOurs(profile) : t('the keys of this shell, which are not from sesame'),
    ours,
    remove: words.unset(namesSet(env, [id, secret, ...tokens])),
  }
}

function saysOurs(profile: string | undefined): string {
  return profile === undefined
    ? t('the keys of this shell, from sesame')
    : t('the keys of this shell, from profile {name} of sesame', { name: printable(profile, 64) })
}

function oidcRole(env: Environment, words: ShellWords): Source | undefined {
  if (namesSet(env, oidc).length < oidc.length) return undefined
  return { label: t('the OIDC role of this shell'), ours: false, remove: words.unset(oidc) }
}

function cliProfile(
  env: Environment,
  words: ShellWords,
  aliyun: AliyunFacts | undefined,
): Source | undefined {
  if (aliyun === undefined || isOn(env, 'ALIBABA_CLOUD_CLI_PROFILE_DISABLED')) return undefined
  const wanted = variable(env, 'ALIBABA_CLOUD_PROFILE') ?? aliyun.current
  const profile = aliyun.profiles.find(({ name }) => name === wanted)
  if (!profile?.usable) return undefined
  return {
    label: t('profile {name} ({mode}) of the aliyun CLI', {
      name: printable(profile.name, 64),
      mode: printable(profile.mode, 20),
    }),
    ours: profile.runsSesame,
    remove: words.set(allOf(['ALIBABA_CLOUD_CLI_PROFILE_DISABLED'], 'true')),
  }
}

/** Whether it answers cannot be seen from here; every call waits for it, and on ECS it wins. */
function ecsMetadata(env: Environment, words: ShellWords): Source | undefined {
  if (isOn(env, 'ALIBABA_CLOUD_ECS_METADATA_DISABLED')) return undefined
  return {
    label: t('the metadata of an ECS instance first'),
    ours: false,
    remove: words.set(allOf(['ALIBABA_CLOUD_ECS_METADATA_DISABLED'], 'true')),
  }
}

/** Its path is a secret: only the host is shown. */
function credentialsUri(env: Environment, words: ShellWords): Source | undefined {
  const name = 'ALIBABA_CLOUD_CREDENTIALS_URI'
  const text = variable(env, name)
  if (text === undefined) return undefined
  const host = parseUrl(text)?.host ?? ''
  const ours = /^(?:127\.0\.0\.1|\[::1\]|localhost)(?::|$)/.test(host)
  const label = ours
    ? t('the credentials URI at {host}', { host })
    : t('a credentials URI that is not on this machine')
  return { label, ours, remove: words.unset([name]), isUri: true }
}
