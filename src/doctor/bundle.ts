import type { FailureRecord } from './failure-record.ts'
import type { Finding } from './finding.ts'

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
