import type { Log } from '../log.ts'
import { printable } from '../printable.ts'
import type { DeviceAuthorization, Person } from '../session/index.ts'
import { openBrowser, planBrowser } from './browser.ts'
import type { Edges } from './edges.ts'

export interface TerminalPersonOptions {
  interactive: boolean
  browser: boolean
  qr: boolean
  signal: AbortSignal
  log: Log
  tell(line: string): void
}

/** The person at this terminal: everything is shown on stderr, questions only where they can be answered. */
export function createTerminalPerson(edges: Edges, options: TerminalPersonOptions): Person {
  const { tell, signal } = options
  let countdown: Countdown | undefined

  return {
    canAnswer: options.interactive,
    tell,

    async showVerification(authorization, deadlineMs) {
      showAddress(authorization, deadlineMs - edges.clock.monotonicMs(), tell)
      if (options.qr) await showQrCode(authorization, tell)
      if (options.browser) await tryBrowser(authorization, edges, options)
      if (edges.stderrIsTerminal) countdown = await startCountdown(deadlineMs, edges)
    },

    endVerification(approved) {
      countdown?.stop(approved)
      countdown = undefined
    },

    async chooseAccount(accounts) {
      const { choose } = await import('./prompts.ts')
      return choose(`You have ${accounts.length} accounts; which one?`, accounts, signal)
    },

    async chooseAccessConfiguration(account, choices) {
      const { choose } = await import('./prompts.ts')
      const where = printable(account.name || account.id, 60)
      return choose(
        `You have ${choices.length} access configurations in ${where}; which one?`,
        choices,
        signal,
      )
    },
  }
}

function showAddress(authorization: DeviceAuthorization, leftMs: number, tell: (line: string) => void): void {
  const { verificationUri, verificationUriComplete, userCode } = authorization
  tell('Sign in with your browser:')
  if (verificationUriComplete !== undefined) tell(`  ${verificationUriComplete.text}`)
  tell(`${verificationUriComplete === undefined ? '' : 'or '}go to`)
  tell(`  ${verificationUri.text}`)
  tell(`and enter the code  ${userCode}  (good for ${minutes(leftMs)}).`)
  tell('Approve only if the page shows this code, and only if you started this sign-in yourself.')
}

async function showQrCode(authorization: DeviceAuthorization, tell: (line: string) => void): Promise<void> {
  const { renderUnicodeCompact } = await import('uqr')
  tell(renderUnicodeCompact((authorization.verificationUriComplete ?? authorization.verificationUri).text))
}

async function tryBrowser(
  authorization: DeviceAuthorization,
  edges: Edges,
  { log, tell }: TerminalPersonOptions,
): Promise<void> {
  const uri = authorization.verificationUriComplete ?? authorization.verificationUri
  if (!uri.mayOpen) {
    tell('The browser was not opened: the address is on another host than the sign-in URL. Look at it twice.')
    return
  }
  const plan = planBrowser(edges)
  if (plan.kind === 'skip') {
    tell(`The browser was not opened: ${plan.reason}.`)
    return
  }
  if (!(await openBrowser(uri.text, plan, log)))
    tell('The browser could not be opened; use the address above.')
}

interface Countdown {
  stop(approved: boolean): void
}

/** A spinner with the time left. It is only ever drawn on a terminal. */
async function startCountdown(deadlineMs: number, { clock }: Edges): Promise<Countdown> {
  const { default: ora } = await import('ora')
  const text = () =>
    `Waiting for your approval (${minutes(deadlineMs - clock.monotonicMs())} left, Ctrl-C gives up)`
  const spinner = ora({ text: text(), stream: process.stderr, discardStdin: false }).start()
  const timer = setInterval(() => {
    spinner.text = text()
  }, 1000)
  return {
    stop(approved) {
      clearInterval(timer)
      if (approved) spinner.succeed('Signed in.')
      else spinner.stop()
    },
  }
}

/** `9:42`, or seconds below a minute. */
function minutes(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`
}
