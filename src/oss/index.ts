/** A request to OSS, as it will be sent. */
export interface OssRequest {
  method: string
  bucket?: string
  key?: string
  query?: Record<string, string>
  headers?: Record<string, string>
}
