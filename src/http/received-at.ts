const arrivals = new WeakMap<Response, Date>()

/** Notes the local, uncorrected time at which the head of an answer arrived. */
export function noteArrival(response: Response, at: Date): void {
  arrivals.set(response, at)
}

/** When the head of an answer arrived by the local clock; undefined for a response that our fetch did not make. */
export function receivedAt(response: Response): Date | undefined {
  return arrivals.get(response)
}
