import type { AccessConfiguration, Account, DeviceAuthorization } from '../identity/index.ts'

/** The person at the terminal, as a login meets them. */
export interface Person {
  /** Whether questions can be asked. */
  readonly canAnswer: boolean
  /** Whether a browser can be opened on this very machine (a display, and no SSH). */
  readonly hasBrowserHere: boolean
  /** Leads to an address of this machine, where the sign-in begins and ends; it works once. `deadlineMs` is monotonic. */
  showStartUrl(url: string, deadlineMs: number): Promise<void>
  /** Shows where to sign in and with which code; `deadlineMs` is monotonic. */
  showVerification(authorization: DeviceAuthorization, deadlineMs: number): Promise<void>
  /** The sign-in has ended, well or badly: whatever was moving on the screen stops. */
  endVerification(approved: boolean): void
  chooseAccount(accounts: readonly Account[]): Promise<Account>
  chooseAccessConfiguration(
    account: Account,
    choices: readonly AccessConfiguration[],
  ): Promise<AccessConfiguration>
  /** One line of news on stderr. */
  tell(line: string): void
}
