import { describe, expect, test } from 'vitest'
import { startHttpServer, startSocksProxy } from '../../mocks/index.ts'
import { startPortal } from './support/portal.ts'
import { runScript } from './support/run-script.ts'

describe('the index of the module', () => {
  test('loads nothing heavy', async () => {
    const { stdout } = await runScript(`
      const { builtinModules, createRequire, Module } = await import('node:module')
      await import('./src/http/index.ts')
      const loaded = process.moduleLoadList.filter((name) => /NativeModule (tls|_tls_wrap|crypto|http|net|zlib|https)$/.test(name))
      const packages = Object.keys(Module._cache).filter((file) => /node_modules.(undici|debug)/.test(file))
      console.log(JSON.stringify({ before: loaded.includes('NativeModule tls'), packages }))`)
    expect(JSON.parse(stdout)).toEqual({ before: false, packages: [] })
  })

  test('an idle kept-alive connection does not hold the process, directly and through a proxy', async () => {
    const portal = await startPortal()
    const proxy = await startSocksProxy({ hosts: portal.hosts })
    const plain = await startHttpServer({ routes: { 'GET /': () => ({ status: 200, body: {} }) } })
    const { code, stdout, stderr, elapsedMs } = await runScript(`
      import { createFetch, readProxyEnvironment } from './src/http/index.ts'
      import { systemClock as clock } from './src/kit/index.ts'
      const fetch = createFetch({ version: '0', proxy: readProxyEnvironment({ HTTPS_PROXY: '${proxy.url}' }),
        log: () => {}, clock, caFile: ${JSON.stringify(portal.caFile)} })
      console.log((await fetch('${plain.url}')).status, (await fetch('${portal.namedUrl}')).status)`)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '200 200\n', stderr: '' })
    expect(elapsedMs).toBeLessThan(14_000)
    await Promise.all([proxy.close(), plain.close()])
  })
})
