import type { Download } from './release/downloads.ts'

/** What Scoop calls the processors that it knows. */
const architectures = { '64bit': 'windows-x64', arm64: 'windows-arm64' } as const

/**
 * The Scoop manifest of a release, `sesame.json`. Scoop finds later versions, and their checksums, by itself.
 * @throws Error when an archive that it needs is missing
 */
export function scoopManifest(
  version: string,
  homepage: string,
  downloads: ReadonlyMap<string, Download>,
): string {
  const now: Record<string, { url: string; hash: string }> = {}
  const later: Record<string, { url: string }> = {}
  for (const [architecture, target] of Object.entries(architectures)) {
    const download = downloads.get(target)
    if (download === undefined)
      throw new Error(`SHA256SUMS has no archive for ${target}, which the manifest needs.`)
    now[architecture] = { url: download.url, hash: download.sha256 }
    later[architecture] = { url: download.url.replaceAll(version, '$version') }
  }
  const manifest = {
    version,
    description: 'Sign in to Alibaba Cloud once; short-lived credentials are kept in the Credential Manager.',
    homepage,
    license: 'Apache-2.0',
    architecture: now,
    bin: 'sesame.exe',
    notes: [
      'Completion for PowerShell, in your $PROFILE:',
      '  sesame completion powershell | Out-String | Invoke-Expression',
      'The manual page: sesame help --man',
    ],
    checkver: {
      url: `${homepage}/latest/download/SHA256SUMS`,
      regex: 'sesame-([\\d.]+)-windows-x64\\.zip',
    },
    autoupdate: { architecture: later, hash: { url: '$baseurl/SHA256SUMS' } },
  }
  return `${JSON.stringify(manifest, undefined, 4)}\n`
}
