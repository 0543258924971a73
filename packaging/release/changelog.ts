/** What the changelog says of one version. */
export interface ChangelogSection {
  /** `2026-11-26`; undefined for a version without a day, and for what is not released yet. */
  date: string | undefined
  /** Below the heading, without blank lines at its ends. */
  text: string
}

/** The section of a version, or of `Unreleased`; undefined when there is none. */
export function sectionOf(changelog: string, version: string): ChangelogSection | undefined {
  for (const part of changelog.split(/^## /m).slice(1)) {
    const [heading = '', ...lines] = part.split('\n')
    const [name, date] = heading.trim().split(' - ', 2)
    if (name === version) return { date, text: lines.join('\n').trim() }
  }
  return undefined
}

/**
 * The notes of a release: its section, with each item on one line, since code hosts show every line break, and how to get it.
 * @param downloadUrl Where releases are; without it the notes say nothing of the installation.
 */
export function releaseNotes({ text }: ChangelogSection, version: string, downloadUrl?: string): string {
  const changes = `${text.replace(/([^\n])\n +(?=\S)/g, '$1 ')}\n`
  if (downloadUrl === undefined) return changes
  return `${changes}
### Install

\`\`\`sh
curl -fsSL ${downloadUrl}/download/v${version}/install.sh | sh -s -- --version ${version}
npm install -g sesame-sso@${version}
\`\`\`

\`SHA256SUMS.sigstore.json\` is the signature of these files (Sigstore):

\`\`\`sh
gh attestation verify FILE --bundle SHA256SUMS.sigstore.json --repo OWNER/REPOSITORY
\`\`\`
`
}
