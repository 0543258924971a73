import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A `BROWSER` that hands the address to the test, which goes there in its own way. */
export interface HandedBrowser {
  /** What makes a program believe that it has a desktop, with this browser. */
  env: { BROWSER: string; DISPLAY: string }
  /** The address, once the program has started the browser. */
  address(): Promise<string>
  /** How often the browser was started. */
  starts(): number
}

export function handBrowser(home: string): HandedBrowser {
  const program = join(home, 'browser')
  const file = join(home, 'handed')
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$1" >>'${file}'\n`)
  chmodSync(program, 0o755)
  const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [])
  return {
    env: { BROWSER: program, DISPLAY: ':99' },
    async address() {
      for (let tries = 0; tries < 300; tries++) {
        const last = lines().at(-1)
        if (last !== undefined) return last
        await sleep(50)
      }
      throw new Error('no browser was started')
    },
    starts: () => lines().length,
  }
}

/** Where the program waits for the browser: beside the address at which it began. */
export function redirectUriOf(startAddress: string): URL {
  return new URL('/callback', startAddress)
}

/** Whether a server listens there. */
export function isListening({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' ? resolve(false) : reject(error),
    )
  })
}
