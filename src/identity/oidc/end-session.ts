import type { OidcProvider } from './provider.ts'

/**
 * Where the browser ends the provider's own session (RP-Initiated Logout 1.0); undefined when the provider has no such
 * page. The client is named by its id alone: an `id_token_hint` would put a token into a URL.
 */
export function endSessionUrl({ client, metadata }: OidcProvider): string | undefined {
  if (metadata.end_session_endpoint === undefined) return undefined
  const url = new URL(metadata.end_session_endpoint)
  url.searchParams.set('client_id', client.clientId)
  return url.href
}
