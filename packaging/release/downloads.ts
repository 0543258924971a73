import { readFileSync } from 'node:fs'

const installer = new URL('../install.sh', import.meta.url)
const setting = /^download_url='([^']*)'$/m

/** Where releases are: `SESAME_DOWNLOAD_URL`, else the line of `packaging/install.sh`; undefined while neither says it. */
export function downloadUrl(): string | undefined {
  const own = process.env.SESAME_DOWNLOAD_URL || setting.exec(readFileSync(installer, 'utf8'))?.[1]
  return own === undefined || own === '' ? undefined : own.replace(/\/+$/, '')
}

/** `install.sh` as it is released: it knows where releases are. */
export function releasedInstaller(): string {
  const source = readFileSync(installer, 'utf8')
  const url = downloadUrl()
  return url === undefined ? source : source.replace(setting, () => `download_url='${url}'`)
}

/** An archive of a release. */
export interface Download {
  url: string
  sha256: string
}

/**
 * The archives that `SHA256SUMS` names, by target. Where a target has two: for Windows `.zip`, else the smaller one, `.tar.xz`.
 * @throws Error for a line that is no checksum
 */
export function downloadsOf(sums: string, version: string, url: string): Map<string, Download> {
  const downloads = new Map<string, Download>()
  for (const line of sums.split('\n').filter((each) => each !== '')) {
    const [, sha256 = '', file = ''] = /^([0-9a-f]{64}) [ *](\S+)$/.exec(line) ?? []
    if (file === '') throw new Error(`SHA256SUMS: this is no checksum: ${line}`)
    const [, stem = '', suffix] = /^(.*)\.(tar\.gz|tar\.xz|zip)$/.exec(file) ?? []
    const start = `sesame-${version}-`
    if (!stem.startsWith(start)) continue
    const target = stem.slice(start.length)
    const isSecond = suffix === (target.startsWith('windows-') ? 'tar.xz' : 'tar.gz')
    if (isSecond && downloads.has(target)) continue
    downloads.set(target, { url: `${url}/download/v${version}/${file}`, sha256 })
  }
  return downloads
}
