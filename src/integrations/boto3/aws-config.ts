/** A section of an AWS configuration file: the lines from its header to the next. */
export interface AwsProfile {
  /** Index of the header's line, and of the line behind its last one. */
  from: number
  to: number
  /** Keys that say where its credentials come from, in lower case, with their values. */
  sources: ReadonlyMap<string, string>
}

const header = /^\s*\[\s*(.*?)\s*\]/
const setting = /^([^\s#;=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/
/** Everything that the AWS SDKs take an identity from, or that belongs to such. */
const sourceKey =
  /^(?:aws_(?:access_key_id|secret_access_key|session_token|security_token|account_id)|credential_process|credential_source|role_arn|role_session_name|source_profile|external_id|mfa_serial|duration_seconds|web_identity_token_file|login_session|sso_\w+)$/

const linesOf = (text: string) => text.split(/\r?\n/)

/** The profile in the text of `~/.aws/config` (`credentials: true` for `~/.aws/credentials`, whose headers are bare names). */
export function findAwsProfile(
  text: string,
  name: string,
  { credentials = false } = {},
): AwsProfile | undefined {
  const lines = linesOf(text)
  const from = lines.findIndex((line) => {
    const title = header.exec(line)?.[1]
    return title !== undefined && (credentials ? title : nameIn(title)) === name
  })
  if (from < 0) return undefined
  const next = lines.findIndex((line, i) => i > from && header.test(line))
  const to = next < 0 ? lines.length : next
  const sources = lines.slice(from + 1, to).flatMap((line): [string, string][] => {
    const [, key = '', value = ''] = setting.exec(line) ?? []
    return sourceKey.test(key.toLowerCase()) ? [[key.toLowerCase(), value]] : []
  })
  return { from, to, sources: new Map(sources) }
}

/** The text with a profile that takes its credentials from a process and from nowhere else; all other lines stay. */
export function withAwsProfile(text: string, name: string, processCommand: string): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const line = `credential_process = ${processCommand}`
  const profile = findAwsProfile(text, name)
  if (profile === undefined) {
    const before =
      text === '' || /\n\r?\n$/.test(text) ? text : `${text.replace(/\r?\n$/, '')}${newline}${newline}`
    return `${before}[${titleOf(name)}]${newline}${line}${newline}`
  }
  const lines = linesOf(text)
  let inSource = false
  const kept = lines.slice(profile.from + 1, profile.to).filter((each) => {
    const key = setting.exec(each)?.[1]
    // Indented lines go on with the key above them.
    if (key !== undefined) inSource = sourceKey.test(key.toLowerCase())
    else if (!/^\s+\S/.test(each)) inSource = false
    return !inSource
  })
  const after = [...lines.slice(0, profile.from + 1), line, ...kept, ...lines.slice(profile.to)]
  return after.join(newline)
}

/** The name in a header of `~/.aws/config`: `default`, or `profile NAME`, quoted where it holds blanks. */
function nameIn(title: string): string | undefined {
  if (title === 'default') return title
  const [, double, single, bare] = /^profile\s+(?:"([^"]*)"|'([^']*)'|(\S+))$/.exec(title) ?? []
  return double ?? single ?? bare
}

function titleOf(name: string): string {
  if (name === 'default') return name
  return `profile ${/^[\w@.-]+$/.test(name) ? name : `"${name}"`}`
}
