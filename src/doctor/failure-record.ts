import { join } from 'node:path'
import {
  ensurePrivateDirectory,
  readPrivateFile,
  removePrivateFile,
  writePrivateFile,
} from '../files/index.ts'
import { type ExchangeStep, requestIdWord, serverWord } from '../http/index.ts'
import { parseRecord, type SesameError } from '../kit/index.ts'
import type { Place } from '../profiles/index.ts'
import type { Finding } from './finding.ts'
import type { Environment } from './shell-variables.ts'
import type { Versions } from './versions.ts'

/**
 * The last flow of a command that failed, kept in the state until the next one: what `sesame doctor --bundle` hands out. There is no
 * message in it, no name of a profile, an account or a user, no code and no token.
 */
export interface FailureRecord {
  /** When it failed. */
  at: string
  /** `login`, `token get` … */
  command: string
  error: { code: string; serverCode?: string; requestId?: string; status?: number }
  versions: Versions
  /** Names of variables that are set and lead requests elsewhere, or change who is trusted. */
  variables: readonly string[]
  steps: readonly ExchangeStep[]
}

const fileName = 'last-failure.json'
const mostBytes = 64 * 1024

/** What decides which way a request takes and whom it trusts. */
const decisive = [
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'ALL_PROXY',
  'all_proxy',
  'NO_PROXY',
  'no_proxy',
  'SESAME_CA_FILE',
  'NODE_EXTRA_CA_CERTS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'SESAME_STORE',
  'SESAME_CONFIG_DIR',
  'SESAME_STATE_DIR',
  'SSH_CONNECTION',
]

/** Makes the record of a failure. `steps` hold nothing that must not be shown: see `http/record/`. */
export function failureRecord(
  error: SesameError,
  { at, command, versions, env, steps }: FailedFlow,
): FailureRecord {
  const { code, status } = error
  const serverCode = error.serverCode && serverWord(error.serverCode)
  const requestId = error.requestId && requestIdWord(error.requestId)
  const record = {
    at: at.toISOString(),
    command,
    error: {
      code,
      ...(serverCode && { serverCode }),
      ...(requestId && { requestId }),
      ...(status !== undefined && { status }),
    },
    versions,
    variables: decisive.filter((name) => env[name]),
    steps: steps.map((step) => ({ ...step })),
  }
  for (const step of [...record.steps].sort((a, b) => sizeOf(b) - sizeOf(a))) {
    if (sizeOf(record) <= mostBytes) break
    delete step.body
  }
  return record
}

export interface FailedFlow {
  at: Date
  command: string
  versions: Versions
  env: Environment
  steps: readonly ExchangeStep[]
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value).length
}

/** In the place of the former one: atomic, 0600. @throws SesameError ERR_FILE */
export function keepFailure(record: FailureRecord, { state }: Pick<Place, 'state'>): void {
  ensurePrivateDirectory(state, () => undefined)
  writePrivateFile(join(state, fileName), `${JSON.stringify(record)}\n`, { durable: false })
}

/** The last one; undefined where there is none, or none that this version understands. @throws SesameError ERR_FILE */
export function lastFailure({ state }: Pick<Place, 'state'>): FailureRecord | undefined {
  const text = readPrivateFile(join(state, fileName), { warn: () => undefined })
  const record = text === undefined ? undefined : parseRecord(text)
  return Array.isArray(record?.steps) && typeof record.error === 'object'
    ? (record as unknown as FailureRecord)
    : undefined
}

/** @throws SesameError ERR_FILE */
export function forgetFailure({ state }: Pick<Place, 'state'>): void {
  removePrivateFile(join(state, fileName))
}

/** What is written by `sesame doctor --bundle`, and played by the mocks; `docs/bundle.schema.json` describes it. */
export interface Bundle {
  schema: 'sesame-bundle/1'
  failure: FailureRecord
  /** What the doctor finds now: which checks, and how they went; its messages name profiles and paths, and stay here. */
  checks: readonly Pick<Finding, 'check' | 'status'>[]
  /** The stores that are in use now, and what was found of the keychain. */
  stores: readonly { kind: string; probe?: string }[]
}

export function makeBundle(
  failure: FailureRecord,
  findings: readonly Finding[],
  stores: Bundle['stores'],
): Bundle {
  const checks = findings.map(({ check, status }) => ({ check, status }))
  return { schema: 'sesame-bundle/1', failure, checks, stores }
}
