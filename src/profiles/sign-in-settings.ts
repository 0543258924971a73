import type { Setting } from './setting.ts'

/**
 * How a person signs in at an OIDC provider: `auto` takes the browser of this machine where there is one, `both` a code for any
 * device as well, and the first that is approved.
 */
const signInFlows = ['auto', 'code', 'device', 'both'] as const
export type SignInFlow = (typeof signInFlows)[number]

/** How the secret of a client is sent (RFC 6749 section 2.3.1): in the `Authorization` header, or in the body. */
const clientAuthentications = ['basic', 'post'] as const

const atProvider = 'Sign-in at an OIDC provider'
const ofApplication = 'Applications of Alibaba IDaaS'

/** The rows of the table of settings (`settings.ts`) that say where and how a profile signs in. */
export const signInSettings = {
  /** Its own CloudSSO sign-in URL; without one the default of the configuration holds. */
  signInUrl: {
    kinds: ['cloudsso'],
    type: 'sign-in-url',
    forAllProfiles: true,
    option: {
      name: 'signin-url',
      aliases: ['signinUrl'],
      value: 'URL',
      summary: 'CloudSSO sign-in URL, from the CloudSSO console',
    },
    prompt: { text: 'CloudSSO sign-in URL' },
    show: { label: 'Sign-in URL' },
  },
  /** What was chosen at the first login and is reused; ids are strings, 19 digits do not fit a number. */
  accountId: {
    kinds: ['cloudsso'],
    type: 'remembered',
    // Another directory has other accounts.
    forgottenWith: ['signInUrl'],
    show: { label: 'Account', name: 'accountName' },
  },
  accountName: { kinds: ['cloudsso'], type: 'remembered', forgottenWith: ['signInUrl'] },
  accessConfigurationId: {
    kinds: ['cloudsso'],
    type: 'remembered',
    forgottenWith: ['signInUrl'],
    show: { label: 'Access configuration', name: 'accessConfigurationName' },
  },
  accessConfigurationName: { kinds: ['cloudsso'], type: 'remembered', forgottenWith: ['signInUrl'] },
  /** `sync`: made by `sesame profile sync`, which changes and prunes nothing else. */
  managedBy: {
    kinds: ['cloudsso'],
    type: 'remembered',
    // At another directory it is the user's own.
    forgottenWith: ['signInUrl'],
    show: { label: 'Managed by' },
    description: 'sync for what "sesame profile sync" has made, and may change or prune.',
  },

  issuer: {
    kinds: ['oidc'],
    required: ['oidc'],
    type: 'issuer',
    option: { value: 'URL', summary: 'OIDC provider, as its discovery document names it', group: atProvider },
    prompt: { text: 'Issuer URL' },
    show: { label: 'Issuer' },
  },
  clientId: {
    kinds: ['oidc'],
    required: ['oidc'],
    type: 'client-id',
    option: { value: 'ID', summary: 'client id at the OIDC provider', group: atProvider },
    prompt: { text: 'Client id' },
    show: { label: 'Client', mark: { flag: 'confidential', text: 'with a secret' } },
  },
  clientSecret: {
    kinds: ['oidc'],
    type: 'secret',
    option: { summary: 'read the client secret from the standard input, into the store', group: atProvider },
    secret: {
      what: 'The client secret',
      owner: 'An OIDC client',
      owners: 'OIDC clients',
      flag: 'confidential',
    },
  },
  /** True when the client has a secret, which is in the store. */
  confidential: {
    kinds: ['oidc'],
    type: 'flag',
    // Another client may have no secret, and has not that of the former one.
    forgottenWith: ['issuer', 'clientId'],
    description: 'true when the store holds a client secret',
  },
  /** How the secret is sent; else what discovery announces is tried, Basic first. */
  clientAuth: {
    kinds: ['oidc'],
    type: 'choice',
    values: clientAuthentications,
    // As discovery documents and other tools write them.
    alsoWritten: { client_secret_basic: 'basic', client_secret_post: 'post' },
    forgottenWith: ['issuer', 'clientId'],
    option: {
      value: 'METHOD',
      summary: 'how the client secret is sent',
      group: atProvider,
      mayBeEmpty: true,
    },
    show: { label: 'Client authentication' },
  },
  scope: {
    kinds: ['oidc'],
    type: 'scope',
    option: { value: 'WORDS', summary: 'OIDC scope (default "openid offline_access")', group: atProvider },
    show: { label: 'Scope' },
  },
  /** API that the access token is for, where the provider wants it named (Auth0). */
  audience: {
    kinds: ['oidc'],
    type: 'printable',
    option: {
      value: 'API',
      summary: 'API that the access token is for, where the provider asks for it',
      group: atProvider,
    },
    show: { label: 'Audience' },
  },
  /** Hosts beside the issuer's own where its endpoints may be, with spaces between them. */
  trustedHosts: {
    kinds: ['oidc'],
    type: 'hosts',
    option: {
      value: 'HOSTS',
      summary: 'other hosts on which the endpoints of the OIDC provider may be',
      group: atProvider,
    },
    show: { label: 'Trusted hosts' },
    description: 'Hosts of endpoints, with spaces between them.',
  },
  flow: {
    kinds: ['oidc'],
    type: 'choice',
    values: signInFlows,
    option: {
      value: 'FLOW',
      summary: 'how to sign in at the OIDC provider',
      group: atProvider,
      atLogin: true,
    },
    show: { label: 'Sign-in flow' },
  },
  /** `prompt` of the authorization request (OpenID Connect Core section 3.1.2.1); else `consent` where offline access needs it. */
  prompt: {
    kinds: ['oidc'],
    type: 'scope',
    forgottenWith: ['noPrompt'],
    option: {
      value: 'VALUE',
      summary: 'prompt to send to the OIDC provider, such as login or select_account',
      group: atProvider,
      atLogin: true,
    },
    show: { label: 'Prompt' },
    description: 'Words with spaces between them, such as login or select_account.',
  },
  /** True for providers that cannot cope with `prompt`. */
  noPrompt: {
    kinds: ['oidc'],
    type: 'flag',
    forgottenWith: ['prompt'],
    option: {
      summary: 'send no prompt, for OIDC providers that fail with it',
      group: atProvider,
      atLogin: true,
      onlyYes: true,
    },
    description: 'true for providers that fail with a prompt',
  },
  /** Authentication context class references that are asked for (OpenID Connect Core section 3.1.2.1). */
  acrValues: {
    kinds: ['oidc'],
    type: 'scope',
    option: {
      value: 'WORDS',
      summary: 'how strongly to sign in (acr_values), in the words of the OIDC provider',
      group: atProvider,
      atLogin: true,
    },
    show: { label: 'acr values' },
    description: 'acr_values, with spaces between them.',
  },
  /** Where device authorization is, for providers that do not announce it. */
  deviceEndpoint: {
    kinds: ['oidc'],
    type: 'endpoint',
    forgottenWith: ['issuer'],
    option: {
      value: 'URL',
      summary: 'device authorization endpoint, where the OIDC provider does not announce it',
      group: atProvider,
    },
    show: { label: 'Device endpoint' },
  },
  /** Port of the loopback redirect, for providers that want it registered; any free one without. */
  redirectPort: {
    kinds: ['oidc'],
    type: 'port',
    option: {
      value: 'PORT',
      summary: 'port of http://127.0.0.1:PORT/callback, for OIDC providers that want the exact address',
      group: atProvider,
    },
    show: { label: 'Redirect port' },
  },
  /** False for providers that reject PKCE in the device grant. */
  devicePkce: {
    kinds: ['oidc'],
    type: 'flag',
    default: true,
    option: {
      summary: 'send PKCE again (the default)',
      summaryOfNo: 'for OIDC providers that reject PKCE in the device flow',
      group: atProvider,
    },
    description: 'false for providers that reject PKCE here',
  },

  idaasUrl: {
    kinds: ['idaas'],
    required: ['idaas'],
    type: 'idaas-url',
    option: {
      value: 'URL',
      summary: 'Alibaba IDaaS, for the API token of an application',
      group: ofApplication,
    },
    prompt: { text: 'IDaaS URL' },
    show: { label: 'IDaaS' },
  },
  applicationUuid: {
    kinds: ['idaas'],
    required: ['idaas'],
    type: 'application-uuid',
    option: { value: 'UUID', summary: 'the application in IDaaS', group: ofApplication },
    prompt: { text: 'Application uuid' },
    show: { label: 'Application' },
  },
  appKey: {
    kinds: ['idaas'],
    required: ['idaas'],
    type: 'app-key',
    option: { value: 'KEY', summary: 'its appKey', group: ofApplication },
    prompt: { text: 'appKey' },
    show: { label: 'appKey' },
  },
  appSecret: {
    kinds: ['idaas'],
    type: 'secret',
    option: { summary: 'read its appSecret from the standard input, into the store', group: ofApplication },
    prompt: { text: 'appSecret' },
    secret: {
      what: 'The appSecret',
      owner: 'An IDaaS application',
      owners: 'IDaaS applications',
      askedWith: 'appKey',
    },
  },
  apiVersion: {
    kinds: ['idaas'],
    type: 'api-version',
    option: { value: 'VERSION', summary: 'version of the IDaaS API (default v1.2)', group: ofApplication },
    show: { label: 'API version' },
  },
  /** The application's public key, as exported from its page. */
  publicKey: {
    kinds: ['idaas'],
    type: 'public-key',
    option: {
      value: 'FILE',
      summary: 'its public key (JWK, JWKS or PEM), for "token verify"',
      group: ofApplication,
    },
    description: 'JWK, JWKS or PEM, as exported from the application.',
  },
} as const satisfies Readonly<Record<string, Setting>>
