import type { Person } from '../../src/terminal/index.ts'
import { mayForwardPorts } from '../../src/terminal/remote-place.ts'

type Verification = Parameters<Person['showVerification']>[0]

interface Choice {
  id: string
  name: string
}

/** A user at a terminal, as a script: what is shown to them is recorded, and their choices are made beforehand. */
export interface ScriptedPerson extends Person {
  shown: Verification[]
  startUrls: string[]
  /** How often both were shown at once. */
  together: number
  notified: string[]
  /** How each sign-in ended, as the screen got it. */
  ends: boolean[]
  /** The lists they chose from. */
  asked: (readonly Choice[])[]
}

export interface Script {
  canAnswer?: boolean
  hasBrowserHere?: boolean
  remotePlace?: string
  /** The id that they pick from each list. */
  picks?: string
  /** What they do once they have seen the code. */
  onVerification?: () => void | Promise<void>
  onStartUrl?: (url: string) => void | Promise<void>
}

export function scriptPerson({
  canAnswer = true,
  hasBrowserHere = false,
  remotePlace,
  picks,
  onVerification = () => {},
  onStartUrl = () => {},
}: Script = {}): ScriptedPerson {
  const shown: Verification[] = []
  const startUrls: string[] = []
  let together = 0
  const notified: string[] = []
  const ends: boolean[] = []
  const asked: (readonly Choice[])[] = []
  const pick = async <T extends Choice>(choices: readonly T[]): Promise<T> => {
    asked.push(choices)
    const choice = choices.find(({ id }) => id === picks)
    if (choice === undefined) throw new Error(`nothing was said about ${choices.map(({ id }) => id).join()}`)
    return choice
  }
  return {
    shown,
    startUrls,
    get together() {
      return together
    },
    notified,
    ends,
    asked,
    canAnswer,
    hasBrowserHere,
    opensBrowser: hasBrowserHere,
    remotePlace,
    mayReachHere: mayForwardPorts(remotePlace),
    async showStartUrl(url) {
      startUrls.push(url)
      await onStartUrl(url)
    },
    async showVerification(verification) {
      shown.push(verification)
      await onVerification()
    },
    async showBothWays(url, verification) {
      together++
      startUrls.push(url)
      shown.push(verification)
      await Promise.all([onStartUrl(url), onVerification()])
    },
    endVerification: (approved) => void ends.push(approved),
    chooseAccount: pick,
    chooseAccessConfiguration: (_account, choices) => pick(choices),
    notify: (line) => void notified.push(line),
  }
}
