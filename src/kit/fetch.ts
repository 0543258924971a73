/** What a request may say beyond the standard: a limit of its own in place of that of the fetch, in ms. */
export type RequestOptions = RequestInit & { limitMs?: number | undefined }

/** The shape of the standard `fetch`, as openid-client takes it for `customFetch`. */
export type Fetch = (url: string, init?: RequestOptions) => Promise<Response>
