import { basename } from 'node:path'

/** Programs that look for keys in their environment and never ask a credentials URI; with the address alone they have nothing. */
const withoutUri: readonly string[] = ['aliyun', 'ossutil', 'ossutil64', 'aliyunlog']

/** What the aliyun CLI takes for its region while it ignores its profiles, before it looks at the environment. */
const regionOfAliyun = 'cn-hangzhou'

/** True for a command that gets its credentials as keys only. */
export function needsKeys(command: string): boolean {
  return withoutUri.includes(programName(command))
}

/**
 * The region that an aliyun command ignores: the environment names one, and only `--region` on the command line would count. Undefined
 * for other programs, and where nothing is lost.
 */
export function ignoredRegion(
  command: string,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const region = env.ALIBABA_CLOUD_REGION_ID || env.ALIBABACLOUD_REGION_ID || env.ALICLOUD_REGION
  const isGiven = words.some((word) => word === '--region' || word.startsWith('--region='))
  if (programName(command) !== 'aliyun' || isGiven || region === regionOfAliyun) return undefined
  return region || undefined
}

/** The name that a command is known by, wherever it lies. */
function programName(command: string): string {
  return basename(command.replaceAll('\\', '/'))
    .toLowerCase()
    .replace(/\.(?:exe|cmd)$/, '')
}
