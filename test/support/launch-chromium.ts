import { type Browser, chromium } from 'playwright-core'

/** Debian's Chromium, which asks nothing of the network by itself. A container has little of `/dev/shm`, and no sandbox for root. `more` are switches beside these. */
export function launchChromium(...more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...more,
    ],
  })
}
