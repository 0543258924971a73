import type { Finished } from '../../support/sesame.ts'
import type { World } from '../../support/world.ts'
import type { Peer } from '../peer.ts'
import type { Cloud } from './cloud.ts'

/** How a client gets its credentials from sesame; the rows of the table in `docs/tools.md`. */
export type WayName =
  | 'environment'
  | 'credentials URI'
  | 'External'
  | 'configuration file'
  | 'recipe'
  | 'library'

/** A portal, a HOME whose profile `dev` is signed in, and the services that a client calls. */
export interface ClientWorld extends World {
  cloud: Cloud
}

/** One way by which one client gets its credentials. */
export interface Way {
  name: WayName
  /** What a user does once, after the sign-in: `sesame configure --for …`. */
  prepare?(world: ClientWorld): Promise<void>
  /** One real signed call to `world.cloud`, in a process of its own, as a user starts it; exit code 0 when it was answered. */
  call(world: ClientWorld): Promise<Finished>
  /** As many calls at the same time, in threads of one process; without it each is a process of its own. */
  atOnce?(world: ClientWorld, count: number): Promise<Finished>
  /**
   * A program that runs on: it makes one call for each line of its standard input, and answers with one line: `ok`, or why not.
   * Present where a client takes new credentials while it runs.
   */
  start?(world: ClientWorld): RunningClient
  /** What a call ends with when a sign-in is needed, if not with exit code 3 and the command on standard error. */
  signInNeeded?: {
    code: number
    /** What standard output and standard error say, together. */
    says: RegExp
  }
  /** Steps that this way cannot take, and why: by their names without the way. */
  lacks?: Readonly<Partial<Record<StepName, string>>>
}

/** The steps of each way; `known` of a peer names them as `External: no secret on disk`. */
export type StepName =
  | 'signed call'
  | 'at expiry'
  | '50 at once'
  | 'server slow'
  | 'sign-in over'
  | 'renews while it runs'
  | 'sign-in over while it runs'
  | 'no secret on disk'

export interface RunningClient {
  /** Resolves with what the program says of one more call. */
  call(): Promise<string>
  /** Ends it; rejects when it had ended before. */
  end(): Promise<void>
}

/** A client as a peer: what there is to start, and its ways. */
export interface Client extends Omit<Peer, 'kind' | 'run'> {
  ways: readonly Way[]
  /** Further steps that only this client takes; each makes a world of its own with `inClientWorld`. */
  more?: readonly (readonly [name: string, run: () => Promise<void>])[]
}
