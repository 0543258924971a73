import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { firstLine } from '../support/first-line.ts'
import { openLoopbackBrowser } from '../support/loopback-browser.ts'
import { configureCorp, inOidcWorld } from '../support/oidc-world.ts'
import { inQuirkyWorld } from '../support/quirky-world.ts'
import type { Running } from '../support/sesame.ts'

/** In the proportion of 1,500 half-sent requests to 1,024 descriptors. */
const descriptors = 256
const flood = 375

const held: Socket[] = []
afterEach(() => {
  for (const socket of held.splice(0)) socket.destroy()
})

/** Opens connections, puts half a request on each and keeps them open as long as the server does. */
async function holdHalfRequests(port: number): Promise<void> {
  for (let i = 0; i < flood; i++) {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('GET /callback HTTP/1.1\r\nX-Half: ')
        socket.on('error', () => socket.destroy()).off('error', reject)
        resolve()
      }).once('error', reject)
      held.push(socket)
    })
  }
}

describe('[case 116] half-sent requests to a program with few descriptors', () => {
  test(
    'login: the browser begins and comes back all the same',
    inQuirkyWorld({}, async ({ op, home }) => {
      const running = home.start(['login', '--profile', 'corp', '--flow', 'code'], { descriptors })
      const [, start = ''] = await running.stderrMatches(/^ {2}(http\S+)\n/m)
      const port = Number(new URL(start).port)
      await holdHalfRequests(port)
      const browser = openLoopbackBrowser()
      const { headers } = await browser.ask(await browser.begin(start))
      await holdHalfRequests(port)
      const { page, answer } = await browser.browse(new URL(String(headers.location)))
      expect({ page, status: answer.status }).toEqual({ page: '/done', status: 200 })
      expect(await running.finished).toMatchObject({ code: 0, stdout: '' })
      expect(op.violations).toEqual([])
    }),
  )

  test(
    'serve: a client gets its credentials, and the program can still open what it needs',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      expect((await world.home.run(['login', '--profile', 'corp'])).code).toBe(0)
      const running: Running = world.home.start(['serve', '--profile', 'corp'], { descriptors })
      const url = await firstLine(running)
      await holdHalfRequests(Number(new URL(url).port))
      expect(await (await fetch(url)).json()).toMatchObject({ Code: 'Success' })
      running.child.kill('SIGTERM')
      expect(await running.finished).toMatchObject({ code: 143, stderr: '' })
    }),
  )
})
