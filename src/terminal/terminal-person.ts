import { type Log, printable, t } from '../kit/index.ts'
import { type BrowserPlan, hasBrowserHere, openBrowser, planBrowser } from './browser.ts'
import type { Person, Verification } from './person.ts'
import { drawQrCode, showsUnicode } from './qr-code.ts'
import { mayForwardPorts, placeName, remotePlace } from './remote-place.ts'
import { choose } from './search-list.ts'
import type { Edges } from './streams.ts'

export interface TerminalPersonOptions {
  interactive: boolean
  browser: boolean
  qr: boolean
  signal: AbortSignal
  log: Log
  notify(line: string): void
  /** Called when the program begins to wait for the user. */
  onWait(): void
}

/** The person at this terminal: everything is shown on stderr, questions only where they can be answered. */
export function createTerminalPerson(edges: Edges, options: TerminalPersonOptions): Person {
  const { notify, signal, onWait } = options
  const place = remotePlace(edges)
  let countdown: Countdown | undefined
  let ended = false
  const open = async (url: string, plan: BrowserPlan) => {
    if (plan.kind === 'skip') return options.log('sesame:device', `browser: not opened, ${plan.reason}`)
    const say = (reason: string) =>
      notify(t('{reason}. The browser could not be opened; use the address above.', { reason }))
    const onLateFailure = (reason: string) => {
      if (ended) return
      countdown?.clear()
      say(reason)
    }
    const failure = await openBrowser(url, plan, { log: options.log, clock: edges.clock, onLateFailure })
    if (failure !== undefined) say(failure)
  }
  /** What moved on the screen makes way for something new. */
  const rest = () => {
    countdown?.stop(false)
    countdown = undefined
  }
  const showStart = (url: string, plan: BrowserPlan) => {
    notify(
      plan.kind === 'open'
        ? t('Your browser opens to sign you in. If it does not, go to:')
        : t('Sign in with the browser of this machine at:'),
    )
    notify(`  ${url}`)
  }
  const wait = async (what: string, deadlineMs: number) => {
    countdown = await waitFor(what, deadlineMs, edges, notify)
    onWait()
  }

  return {
    canAnswer: options.interactive,
    // A QR code is for another device.
    hasBrowserHere: options.browser && !options.qr && hasBrowserHere(edges),
    opensBrowser: planOf(edges, options).kind === 'open',
    remotePlace: place && placeName(place),
    mayReachHere: mayForwardPorts(place),
    notify(line) {
      countdown?.clear()
      notify(line)
    },

    async showStartUrl(url, deadlineMs) {
      const plan = planOf(edges, options)
      rest()
      showStart(url, plan)
      await open(url, plan)
      await wait(t('Waiting for your browser'), deadlineMs)
    },

    async showVerification(verification, deadlineMs) {
      const uri = verification.verificationUriComplete ?? verification.verificationUri
      const plan = planOf(edges, options)
      const opens = plan.kind === 'open' && uri.mayOpen && verification.opened !== true
      rest()
      showAddress(verification, firstLine(verification, opens), notify)
      warnOfOtherHosts(verification, notify)
      if (options.qr) edges.stderr(`${await drawQrCode(uri.text, qrOptions(edges))}\n`)
      if (opens || plan.kind === 'skip') await open(uri.text, plan)
      await wait(t('Waiting for your approval'), deadlineMs)
    },

    async showBothWays(url, verification, deadlineMs) {
      const uri = verification.verificationUriComplete ?? verification.verificationUri
      const plan = planOf(edges, options)
      rest()
      showStart(url, plan)
      const first = t('Or sign in with any browser, on any device, at:')
      showAddress(verification, verification.again ? firstLine(verification, false) : first, notify)
      warnOfOtherHosts(verification, notify)
      if (options.qr) edges.stderr(`${await drawQrCode(uri.text, qrOptions(edges))}\n`)
      await open(url, plan)
      await wait(t('Waiting for your approval'), deadlineMs)
    },

    endVerification(approved) {
      ended = true
      countdown?.stop(approved)
      countdown = undefined
    },

    async chooseAccount(accounts) {
      onWait()
      return choose(t('Account:'), accounts, signal)
    },

    async chooseAccessConfiguration(account, choices) {
      onWait()
      return choose(
        t('Access configuration in {name}:', { name: printable(account.name || account.id, 60) }),
        choices,
        signal,
      )
    },
  }
}

function planOf(edges: Edges, { browser }: TerminalPersonOptions): BrowserPlan {
  return browser ? planBrowser(edges) : { kind: 'skip', reason: '--no-browser' }
}

/** The address, the short way for another device, and what to look at before approving (RFC 8628 section 5.4). */
function showAddress(verification: Verification, first: string, notify: (line: string) => void): void {
  const { verificationUri, verificationUriComplete, userCode } = verification
  notify(first)
  if (verificationUriComplete === undefined) {
    notify(`  ${verificationUri.text}`)
    notify(t('and enter the code:'))
  } else {
    notify(`  ${verificationUriComplete.text}`)
    notify(t('or, on another device, go to:'))
    notify(`  ${verificationUri.text}`)
    notify(t('and enter the code:'))
  }
  // Alone on its line: a double click, or copying the line, takes nothing else along.
  notify(`  ${userCode}`)
  notify(
    t('Approve only if the page shows {code} and you started this sign-in yourself.', { code: userCode }),
  )
}

function firstLine({ again, userCode }: Verification, opens: boolean): string {
  if (again !== undefined)
    return t('Still waiting for your approval of {code}. If you have not given it yet, go to:', {
      code: userCode,
    })
  return opens
    ? t('Your browser opens to sign you in. If it does not, go to:')
    : t('Sign in with your browser at:')
}

/** One line for each host that the addresses are on without belonging to the one that is configured. */
function warnOfOtherHosts(
  { verificationUri, verificationUriComplete, configuredHost }: Verification,
  notify: (line: string) => void,
): void {
  const shown = [verificationUri, ...(verificationUriComplete === undefined ? [] : [verificationUriComplete])]
  const others = shown.filter(({ mayOpen }) => !mayOpen).map(({ text }) => new URL(text).host)
  for (const host of new Set(others)) {
    notify(
      t('Warning: the verification URL is on {host}, not on the configured host {configured}.', {
        host,
        configured: configuredHost,
      }),
    )
  }
}

function qrOptions(edges: Edges) {
  return { columns: columnsOf(edges), colors: !edges.env.NO_COLOR, unicode: showsUnicode(edges) }
}

/**
 * Undefined without a terminal, and for one that does not know its size and says 0 (under `script`, some containers):
 * a spinner there would count infinitely many lines and clear them for ever.
 */
function columnsOf({ isTerminal }: Edges): number | undefined {
  return isTerminal(2) ? process.stderr.columns || undefined : undefined
}

interface Countdown {
  /** Takes the line of the spinner away, so that another can be written; it comes back with the next frame. */
  clear(): void
  stop(approved: boolean): void
}

/** A spinner with the time left on a terminal, one line anywhere else. */
async function waitFor(
  what: string,
  deadlineMs: number,
  edges: Edges,
  notify: (line: string) => void,
): Promise<Countdown | undefined> {
  const text = () =>
    t('{what}, {time} left', { what, time: timeLeft(deadlineMs - edges.clock.monotonicMs()) })
  if (columnsOf(edges) !== undefined) return startCountdown(text, !edges.env.NO_COLOR)
  notify(`${text()}.`)
  return undefined
}

async function startCountdown(text: () => string, colors: boolean): Promise<Countdown> {
  const { default: ora } = await import('ora')
  const spinner = ora({
    text: text(),
    stream: process.stderr,
    discardStdin: false,
    color: colors ? 'cyan' : false,
  }).start()
  const timer = setInterval(() => {
    spinner.text = text()
  }, 1000)
  return {
    clear: () => void spinner.clear(),
    stop(approved) {
      clearInterval(timer)
      if (approved) spinner.succeed(t('Signed in.'))
      else spinner.stop()
    },
  }
}

/** `9:42`, or seconds below a minute. */
function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return seconds < 60
    ? t('{seconds} s', { seconds })
    : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
