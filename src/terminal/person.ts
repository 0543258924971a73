/** The person at the terminal, as a login meets them. */
export interface Person {
  /** Whether questions can be asked. */
  readonly canAnswer: boolean
  /** Whether a browser can be opened on this very machine (a display, and no SSH). */
  readonly hasBrowserHere: boolean
  /** Whether addresses are opened in a browser, on this machine or another. */
  readonly opensBrowser: boolean
  /** Where this runs, when the person's browser is likely to run elsewhere (`WSL`, `an SSH session`), in the user's language. */
  readonly remotePlace: string | undefined
  /** Whether that browser may reach 127.0.0.1 of this machine all the same, by ports that are forwarded. */
  readonly mayReachHere: boolean
  /** Leads to an address of this machine, where the sign-in begins and ends; it works once. `deadlineMs` is monotonic. */
  showStartUrl(url: string, deadlineMs: number): Promise<void>
  /** Shows where to sign in and with which code; `deadlineMs` is monotonic. */
  showVerification(verification: Verification, deadlineMs: number): Promise<void>
  /** Shows both at once: the address of this machine, which is opened, and the code for any other device. */
  showBothWays(startUrl: string, verification: Verification, deadlineMs: number): Promise<void>
  /** The sign-in has ended, well or badly: whatever was moving on the screen stops. */
  endVerification(approved: boolean): void
  chooseAccount<T extends Choice>(accounts: readonly T[]): Promise<T>
  chooseAccessConfiguration<T extends Choice>(account: Choice, choices: readonly T[]): Promise<T>
  /** One line of news on stderr. */
  notify(line: string): void
}

/** One entry of a list to choose from, such as an account. */
export interface Choice {
  id: string
  name: string
}

/** What a person needs to approve a device (RFC 8628 section 3.3); everything is printable. */
export interface Verification {
  userCode: string
  /** The host that the profile names, to compare those of the addresses with. */
  configuredHost: string
  verificationUri: VerificationUri
  /** The same with the code filled in, where the server gives one. */
  verificationUriComplete?: VerificationUri
  /** Set where it was shown by an earlier process. */
  again?: true
  /** A browser has a page of this sign-in already: no other is opened. */
  opened?: boolean
}

/** An address from the server; opened only if `mayOpen`. */
interface VerificationUri {
  text: string
  mayOpen: boolean
}
