import { t } from '../kit/index.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import type { ServerFacts } from './servers.ts'

const noticeableMs = 30_000
const harmfulMs = 5 * 60_000

const setClock: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'sudo timedatectl set-ntp true',
  darwin: 'sudo sntp -sS time.apple.com',
  win32: 'w32tm /resync',
}

/** The local clock against the servers'; undefined when none sent the time. The server that is nearest is believed. */
export function checkClock(servers: readonly ServerFacts[], platform: NodeJS.Platform): Finding | undefined {
  const skews = servers.flatMap(({ outcome }) =>
    outcome.kind === 'answered' && outcome.skewMs !== undefined ? [outcome.skewMs] : [],
  )
  const [skewMs] = skews.sort((a, b) => Math.abs(a) - Math.abs(b))
  if (skewMs === undefined) return undefined
  const offMs = Math.abs(skewMs)
  if (offMs <= noticeableMs)
    return ok('clock', t('right, to {seconds} s', { seconds: Math.ceil(offMs / 1000) }))
  const time = inWords(offMs)
  const message =
    skewMs > 0 ? t('this clock is {time} slow', { time }) : t('this clock is {time} fast', { time })
  const fix = setClock[platform] ?? t('Set the clock by the network time.')
  return offMs > harmfulMs ? problem('clock', message, fix) : warning('clock', message, fix)
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 120
    ? t('{seconds} s', { seconds })
    : t('{minutes} min', { minutes: Math.round(seconds / 60) })
}
