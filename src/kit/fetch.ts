/** What a request may say beyond the standard. */
export type RequestOptions = RequestInit & {
  /** A limit of its own in place of that of the fetch, in ms. */
  limitMs?: number | undefined
  /** A redirect is an answer like any other, for a caller that judges where it leads; else it is an error. */
  redirectIsAnswer?: boolean | undefined
}

/** The shape of the standard `fetch`, as openid-client takes it for `customFetch`. */
export type Fetch = (url: string, init?: RequestOptions) => Promise<Response>
