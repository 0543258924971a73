/** A request of a recorded flow, and what came of it; see `docs/bundle.schema.json`. */
export interface RecordedStep {
  method: string
  origin: string
  /** `*` stands for a part that was left out. */
  path: string
  times?: number
  clockAheadS?: number
  status?: number
  contentType?: string
  retryAfter?: string
  body?: unknown
  failure?: string
}

/** Reads what `sesame doctor --bundle` has written. @throws TypeError */
export function readBundle(text: string): RecordedStep[] {
  const bundle = JSON.parse(text) as { schema?: unknown; failure?: { steps?: unknown } }
  const steps = bundle?.failure?.steps
  if (bundle?.schema !== 'sesame-bundle/1' || !Array.isArray(steps))
    throw new TypeError('This is no bundle of sesame doctor --bundle.')
  for (const { method, origin, path } of steps)
    if (![method, origin, path].every((each) => typeof each === 'string'))
      throw new TypeError('A step of the bundle has no method, origin or path.')
  return steps
}
