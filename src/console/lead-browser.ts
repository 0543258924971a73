import { type Clock, isSesameError, type Log, SesameError, t } from '../kit/index.ts'

/** How long a sign-in token lives. */
const tokenLifeMs = 30_000

export interface LeadOptions {
  /** Gives the address that signs the browser in, which works once and for 30 s; called last. */
  signIn(): Promise<string>
  /** Takes the user to an address of this machine, by browser or by showing it. `deadlineMs` is monotonic. */
  show(url: string, deadlineMs: number): Promise<void>
  clock: Clock
  log: Log
  signal: AbortSignal
}

/**
 * Leads the browser of this machine to the console. What it is started with, and other users can read in its command line, is an
 * address of this machine that works once and leads there.
 *
 * @throws SesameError ERR_DEVICE_CODE_EXPIRED when no browser has come in time; what `signIn` throws
 */
export async function leadBrowserToConsole({ signIn, show, clock, log, signal }: LeadOptions): Promise<void> {
  const redirect = await openRedirect({ clock, log })
  try {
    const target = await signIn()
    const deadlineMs = clock.monotonicMs() + tokenLifeMs
    const [followed] = await Promise.all([
      redirect.followed(tokenLifeMs, signal),
      show(redirect.urlTo(target), deadlineMs),
    ])
    if (followed) return
    throw new SesameError('ERR_DEVICE_CODE_EXPIRED', t('No browser has opened the address within 30 s.'), {
      hint: elsewhereHint(),
    })
  } finally {
    redirect.close()
  }
}

async function openRedirect(options: { clock: Clock; log: Log }) {
  const { openOneTimeRedirect } = await import('../identity/index.ts')
  try {
    return await openOneTimeRedirect(options)
  } catch (error) {
    if (!isSesameError(error, 'ERR_NETWORK')) throw error
    throw new SesameError('ERR_NETWORK', error.message, { hint: elsewhereHint(), cause: error })
  }
}

function elsewhereHint(): string {
  return t('For a browser of another machine: --print gives an address that works there.')
}
