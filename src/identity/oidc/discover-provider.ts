import { allowInsecureRequests, customFetch, discovery, None, type ServerMetadata } from 'openid-client'
import { isTransientStatus, retryTransient } from '../../http/index.ts'
import { createJwksSource } from '../../jwt/index.ts'
import { printable, SesameError } from '../../kit/index.ts'
import { checkEndpoints } from './endpoints.ts'
import { exchange } from './exchange.ts'
import type { OidcClient, OidcContext } from './oidc-client.ts'
import type { OidcProvider } from './provider.ts'
import { refusal } from './refusal.ts'

const totalMs = 10_000
/** Spreading the repetitions is for crowds; discovery happens once per sign-in. */
const noJitter = () => 1

/**
 * Reads and checks what the provider says of itself (OpenID Connect Discovery 1.0 section 4): the issuer must be the
 * configured one to the letter, every endpoint we may use safe to send secrets to. Errors: ERR_CONFIG (another issuer),
 * ERR_INSECURE_URL, ERR_RESPONSE_INVALID, ERR_SERVER, network, the signal's reason.
 */
export async function discoverProvider(client: OidcClient, context: OidcContext): Promise<OidcProvider> {
  const { clock, signal, fetch } = context
  const metadata = await retryTransient({ clock, signal, totalMs, random: noJitter }, (timeoutMs) =>
    readDiscovery(client, context, timeoutMs),
  )
  checkEndpoints(metadata, client.issuer, client.trustedHosts)
  return {
    issuer: client.issuer,
    supports: {
      device: metadata.device_authorization_endpoint !== undefined,
      code: metadata.authorization_endpoint !== undefined,
      revocation: metadata.revocation_endpoint !== undefined,
      endSession: metadata.end_session_endpoint !== undefined,
    },
    client,
    context,
    metadata,
    // One ID token per sign-in is no flood to be held off, and a first attempt that failed may be repeated.
    keys: createJwksSource({ url: String(metadata.jwks_uri), fetch, clock, signal, cooldownSeconds: 0 }),
  }
}

async function readDiscovery(
  { issuer, clientId }: OidcClient,
  { fetch, signal }: OidcContext,
  timeoutMs: number,
): Promise<ServerMetadata> {
  const { answer, result } = await exchange(fetch, { signal, timeoutMs }, (viaOurs) =>
    discovery(new URL(issuer), clientId, undefined, None(), {
      [customFetch]: viaOurs,
      execute: issuer.startsWith('http:') ? [allowInsecureRequests] : [],
    }),
  )
  const what = `The provider ${issuer} could not be asked what it offers`
  if (isTransientStatus(answer.status)) throw refusal(answer, what, { issuer, clientId })
  if (answer.status !== 200) {
    throw new SesameError(
      'ERR_CONFIG',
      `There is no OpenID provider at ${issuer}: its discovery document answers status ${answer.status}.`,
      {
        hint: 'Check the issuer ("sesame profile show").',
        status: answer.status,
        requestId: answer.requestId,
      },
    )
  }
  const announced = issuerOf(answer.body)
  if (announced !== undefined && announced !== issuer) throw anotherIssuer(issuer, announced)
  if (result === undefined || announced === undefined) {
    throw new SesameError('ERR_RESPONSE_INVALID', `What ${issuer} offers as discovery document is none.`, {
      hint: 'Check the issuer ("sesame profile show"); something else may have answered.',
      status: answer.status,
      requestId: answer.requestId,
    })
  }
  return result.serverMetadata()
}

function issuerOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('issuer' in body)) return undefined
  return typeof body.issuer === 'string' && body.issuer !== '' ? body.issuer : undefined
}

function anotherIssuer(configured: string, announced: string): SesameError {
  const shown = printable(announced, 200)
  const hint = shown.includes('{tenantid}')
    ? "Use the tenant's own id in the issuer, in place of common or organizations."
    : 'Only if you trust that one: configure the issuer exactly as the provider spells it.'
  return new SesameError('ERR_CONFIG', `The provider configured as ${configured} says that it is ${shown}.`, {
    hint,
  })
}
