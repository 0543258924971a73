import type { Times } from '../http/interceptions.ts'
import { type DocumentedCode, documentedErrors, type RefusalForm, StsRefusal } from './refusal.ts'

export interface RefuseOptions extends Times, RefusalForm {
  /** Instead of the documented message. */
  message?: string
  /** Instead of the documented status. */
  status?: number
}

/** Refusals that tests ask for, by action, first in first out. */
export function createOrderedRefusals() {
  const queue: { action: string; refusal: StsRefusal; left: number }[] = []
  return {
    order(action: string, code: string, { times = 1, message, status, ...form }: RefuseOptions): void {
      const documented = Object.hasOwn(documentedErrors, code)
        ? documentedErrors[code as DocumentedCode]
        : undefined
      const words = message ?? documented?.message ?? code
      const refusal = new StsRefusal(status ?? documented?.status ?? 400, code, words, form)
      queue.push({ action, refusal, left: times })
    },
    take(action: string): StsRefusal | undefined {
      const entry = queue.find((one) => one.action === action && one.left > 0)
      if (entry === undefined) return undefined
      entry.left -= 1
      return entry.refusal
    },
    clear(): void {
      queue.length = 0
    },
  }
}
