import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordSecrets } from './record.ts'

/** Secrets that lie in the files of other tools; no output of an import or of the doctor may show them. */
export const planted = {
  acsKeySecret: 'acsKeySecret+7f3c91/aa==',
  acsToken: 'acsStsToken.9b1f/CAIS+x0=',
  acsBearer: 'acsBearer.4417-a0c5-eee',
  aliyunKeySecret: 'aliyunKeySecret-11c0ffee',
  aliyunToken: 'aliyunStsToken-22deadbeef',
  aliyunBearer: 'aliyunBearer-33cafe0000',
}

/** What kind of secret each is: imported credentials are printed by the commands that print credentials. */
const kindOf = (name: string) =>
  name.endsWith('KeySecret')
    ? 'access-key-secret'
    : name.endsWith('Token')
      ? 'security-token'
      : 'access-token'

export function recordPlanted(): void {
  recordSecrets(Object.entries(planted).map(([name, value]) => ({ kind: kindOf(name), value })))
}

const inOneHour = () => Date.now() + 3600_000

/** `~/.alibabacloud_sso` and `~/.alibabacloud_sso_sts`, as acs-sso 1.3.1 writes them. */
export function writeAcsSso(
  home: string,
  { signInUrl, profiles, current, expireTime = inOneHour() }: AcsSsoState,
): void {
  writeFileSync(join(home, '.alibabacloud_sso'), JSON.stringify({ signinUrl: signInUrl }), { mode: 0o644 })
  const map = Object.fromEntries(
    Object.values(profiles).map((key) => [
      key,
      {
        expireTime,
        data: {
          mode: 'StsToken',
          access_key_id: 'STS.acsKeyId',
          access_key_secret: planted.acsKeySecret,
          sts_token: planted.acsToken,
        },
      },
    ]),
  )
  const accessToken = { expireTime: inOneHour(), token: planted.acsBearer }
  const cache = { current: current ?? '', map, profiles, accessToken }
  writeFileSync(acsSsoPath(home), JSON.stringify(cache), { mode: 0o644 })
}

interface AcsSsoState {
  signInUrl: string | undefined
  /** Name to `account:configuration`. */
  profiles: Record<string, string>
  current?: string
  expireTime?: number
}

export function acsSsoPath(home: string): string {
  return join(home, '.alibabacloud_sso_sts')
}

/** A CloudSSO profile as `aliyun configure --mode CloudSSO` leaves it. */
export function aliyunCloudSso(name: string, signInUrl: string, changes: object = {}): object {
  return {
    name,
    mode: 'CloudSSO',
    region_id: 'cn-shanghai',
    cloud_sso_sign_in_url: signInUrl,
    cloud_sso_account_id: '0012345678901234',
    cloud_sso_access_config: 'ac-aliyun01',
    access_token: planted.aliyunBearer,
    cloud_sso_access_token_expire: Math.floor(inOneHour() / 1000),
    access_key_id: 'STS.aliyunKeyId',
    access_key_secret: planted.aliyunKeySecret,
    sts_token: planted.aliyunToken,
    sts_expiration: Math.floor(inOneHour() / 1000),
    ...changes,
  }
}

export function writeAliyun(home: string, profiles: object[], current = 'default'): string {
  mkdirSync(join(home, '.aliyun'), { recursive: true })
  const path = join(home, '.aliyun', 'config.json')
  writeFileSync(path, JSON.stringify({ current, profiles, meta_path: '' }, null, '\t'), { mode: 0o600 })
  return path
}
