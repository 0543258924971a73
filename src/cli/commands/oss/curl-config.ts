import type { OssPostForm } from '../../../oss/index.ts'

/** A request that is ready to be sent. */
export interface SignedOssRequest {
  method: string
  url: string
  headers: Readonly<Record<string, string>>
}

/**
 * A request as a file for `curl --config`, so that neither token nor signature is in an argument list. What it is to upload
 * comes from curl's own command line (`--upload-file`, `--data-binary`).
 */
export function formatCurlConfig({ method, url, headers }: SignedOssRequest): string {
  const lines = ['globoff', `url = ${quoted(url)}`]
  if (method === 'HEAD') lines.push('head')
  else if (method !== 'GET') lines.push(`request = ${quoted(method)}`)
  for (const [name, value] of Object.entries(headers)) {
    // For curl a header with nothing after its colon is one to leave out; the empty one ends with a semicolon.
    lines.push(`header = ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`)
  }
  // curl has a type for every body, and OSS includes in the signature whatever type it sees.
  if (headers['content-type'] === undefined) lines.push(`header = ${quoted('content-type:')}`)
  return `${lines.join('\n')}\n`
}

/** A form for `curl --config`; the file comes from curl's own command line (`--form file=@FILE`), and so is the last field. */
export function formatCurlForm({ url, fields }: OssPostForm): string {
  const lines = Object.entries(fields).map(([name, value]) => `form-string = ${quoted(`${name}=${value}`)}`)
  return `${['globoff', `url = ${quoted(url)}`, ...lines].join('\n')}\n`
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`
}
