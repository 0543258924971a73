import type { Page } from 'playwright-core'
import type { Front } from './front.ts'

/** A client that is registered at a provider. */
export interface Client {
  clientId: string
  clientSecret?: string
  /** Further words of `sesame configure` that this client needs. */
  words?: readonly string[]
  /** Where it is not the provider's. */
  scope?: string
  /** How it signs in; default `device`. */
  flow?: 'device' | 'code'
}

/** A provider that runs, and what a user does on its pages. */
export interface StartedProvider {
  issuer: string
  /** Everything between the program and the provider passes here. */
  front: Front
  clients: {
    /** The client of most steps: for the device grant and refresh tokens. */
    main: Client
    /** With a secret that needs encoding: `+ / = % & :` and a space. */
    special?: Client
    /** Registered for `client_secret_post`. */
    post?: Client
    /** For the code flow, where it is not `main`. */
    code?: Client
  }
  scope?: string
  /** The device grant gives no ID token (RFC 8628 promises none): what needs one signs in with the code flow. */
  idTokensByCodeOnly?: true
  /** The user opens the page of the code, signs in if asked to, and agrees. */
  approve(page: Page, address: string, userCode: string): Promise<void>
  /** The user refuses. */
  deny?(page: Page, address: string, userCode: string): Promise<void>
  /** From an authorization request to the last page before the program's own; absent without the code flow. */
  agree?(page: Page): Promise<void>
  /** Makes every refresh token dead, as an administrator or the end of a session would. */
  endSessions?(): Promise<void>
  /** The path of the token endpoint. */
  tokenPath: RegExp
  /** The key set, for the strict STS; default what discovery says. */
  jwksUri?: string
  stop(): Promise<void>
}

/** A provider as a peer: how it starts, and what it does not have. */
export interface Provider {
  start(): Promise<StartedProvider>
  /** Steps that it cannot take, and why. */
  lacks?: Readonly<Record<string, string>>
}
