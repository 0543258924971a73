import { appendFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { allBends } from '../../mocks/oidc/quirky.ts'
import { inQuirkyWorld, signInByBrowser } from './support/quirky-world.ts'

describe.concurrent('x', () => {
  test.each(allBends)('%s', (name) =>
    inQuirkyWorld({ bends: [name] }, async (w) => {
      const running = w.home.start(['login', '--profile', 'corp'])
      setTimeout(() => running.child.kill('SIGKILL'), 12000)
      const r = await running.finished
      appendFileSync(
        '/tmp/probe.txt',
        `DEVICE ${name} ${r.code} ${r.stdout} items=${w.home.items().length} calls=${w.op.calls()}\n${r.stderr}\n\n`,
      )
      if (/id-token|redirect|token:no-id/.test(name)) {
        const w2 = w
        const running = w.home.start(['login', '--profile', 'corp', '--force', '--flow', 'code'])
        setTimeout(() => running.child.kill('SIGKILL'), 7000)
        const [, url = ''] = await running.stderrMatches(/^ {2}(http\S+)\n/m)
        const page = await w.op.visit(url).catch((e) => e)
        const f = await running.finished
        appendFileSync(
          '/tmp/probe.txt',
          `CODE ${name} ${f.code} ${f.stdout} items=${w.home.items().length} page=${page.url} ${page.status}\n${f.stderr}\n\n`,
        )
      }
    })(),
  )
})
