import {
  isTransientStatus,
  type JsonAnswer,
  readServerError,
  retryTransient,
  serverError,
} from '../../http/index.ts'
import { createJwksSource } from '../../jwt/index.ts'
import { measureClock, printable, SesameError, t } from '../../kit/index.ts'
import { checkEndpoints } from './check-endpoints.ts'
import { runOpenidClient } from './client-request.ts'
import { requestError } from './oauth-error.ts'
import type { KnownAuthentication, OidcClient, OidcContext, OidcProvider } from './provider.ts'
import { demandOnBrowser } from './unmet-demand.ts'

const totalMs = 10_000
/** Some providers have moved their document (a slash more, another version): nothing secret travels, and the issuer is compared. */
const sameOriginRedirects = 3
/** Spreading the repetitions is for crowds; discovery happens once per sign-in. */
const noJitter = () => 1

/**
 * Reads and checks the provider's discovery document (OpenID Connect Discovery 1.0 section 4): the issuer must be the
 * configured one to the letter, every endpoint we may use safe to send secrets to. Errors: ERR_CONFIG (another issuer),
 * ERR_INSECURE_URL, ERR_RESPONSE_INVALID, ERR_SERVER, network, the signal's reason.
 */
export async function discoverProvider(client: OidcClient, context: OidcContext): Promise<OidcProvider> {
  const { clock, signal, fetch } = context
  const { metadata: announced, clockReading } = await retryTransient(
    { clock, signal, totalMs, random: noJitter },
    (timeoutMs) => readDiscovery(client, context, timeoutMs),
  )
  const { deviceEndpoint, issuer } = client
  const metadata =
    deviceEndpoint === undefined ? announced : { ...announced, device_authorization_endpoint: deviceEndpoint }
  checkEndpoints(metadata, issuer, trustedHostsOf(client))
  return {
    issuer: client.issuer,
    supports: {
      device: metadata.device_authorization_endpoint !== undefined,
      code: metadata.authorization_endpoint !== undefined && demandOnBrowser(metadata) === undefined,
      revocation: metadata.revocation_endpoint !== undefined,
      endSession: metadata.end_session_endpoint !== undefined,
    },
    client,
    context,
    authentication: client.knownAuthentication ?? knownHere(),
    metadata,
    clockReading,
    // One ID token per sign-in is no flood to be held off, and a first attempt that failed may be repeated.
    keys: createJwksSource({ url: String(metadata.jwks_uri), fetch, clock, signal, cooldownSeconds: 0 }),
  }
}

/** To configure an endpoint is to trust its host. */
function trustedHostsOf({ trustedHosts = [], deviceEndpoint }: OidcClient): string[] {
  return [...trustedHosts, ...(deviceEndpoint === undefined ? [] : [new URL(deviceEndpoint).hostname])]
}

/** For a caller that keeps nothing: what one request learns, the next one knows. */
function knownHere(): KnownAuthentication {
  let method: KnownAuthentication['method']
  return {
    get method() {
      return method
    },
    learn(accepted) {
      method = accepted
    },
  }
}

async function readDiscovery(
  client: OidcClient,
  { fetch, signal, clock }: OidcContext,
  timeoutMs: number,
): Promise<Pick<OidcProvider, 'metadata' | 'clockReading'>> {
  const { issuer, clientId } = client
  const reply = await runOpenidClient(
    fetch,
    { signal, timeoutMs, sameOriginRedirects },
    (openid, customFetch) =>
      openid.discovery(new URL(issuer), clientId, undefined, openid.None(), {
        [openid.customFetch]: customFetch,
        execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
      }),
  )
  const { status, requestId, body, serverDate } = reply.answer
  if (reply.kind !== 'success' && isTransientStatus(status)) {
    const failure = t('Cannot fetch the discovery document of {issuer}', { issuer })
    throw requestError(reply, client, { failure })
  }
  if (status !== 200) {
    throw new SesameError(
      'ERR_CONFIG',
      t('There is no OpenID provider at {issuer}: its discovery document answers status {status}.', {
        issuer,
        status,
      }),
      { hint: t('Check the issuer ("sesame profile show").'), status, requestId },
    )
  }
  // openid-client compares issuers as URLs, to which a trailing slash and upper case make no difference.
  const announced = issuerOf(body)
  if (announced !== undefined && announced !== issuer) throw issuerMismatch(issuer, announced)
  if (reply.kind !== 'success') throw noDiscoveryDocument(issuer, reply.answer)
  return {
    metadata: reply.result.serverMetadata(),
    clockReading: measureClock(serverDate, clock.now(), clock.bootedAt()),
  }
}

function issuerOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('issuer' in body)) return undefined
  return typeof body.issuer === 'string' && body.issuer !== '' ? body.issuer : undefined
}

function issuerMismatch(configured: string, announced: string): SesameError {
  const shown = printable(announced, 200)
  const hint = shown.includes('{tenantid}')
    ? t("Use the tenant's own id in the issuer, in place of common or organizations.")
    : t('Only if you trust that one: configure the issuer exactly as the provider spells it.')
  return new SesameError(
    'ERR_CONFIG',
    t('Issuer mismatch: configured {configured}, discovery document says {shown}.', { configured, shown }),
    { hint },
  )
}

function noDiscoveryDocument(issuer: string, answer: JsonAnswer): SesameError {
  const { status, requestId } = answer
  const what = t('{issuer} did not return a valid OpenID discovery document', { issuer })
  const saysWhy = readServerError(answer).serverCode !== undefined
  return new SesameError('ERR_RESPONSE_INVALID', saysWhy ? serverError(answer, what).message : `${what}.`, {
    hint: t('Check the issuer ("sesame profile show"); something else may have answered.'),
    status,
    requestId,
  })
}
