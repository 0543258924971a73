import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommandsHere } from '../support/run-here.ts'
import { inWorld, type World } from '../support/world.ts'

runCommandsHere()

/* [case 154] One region of a profile, in one normal form, for everything that is handed over. */

const written = 'OSS-CN-Shanghai'

async function signedIn({ home, portal }: World) {
  const words = [
    'configure',
    '--profile',
    'dev',
    '--signin-url',
    portal.signInUrl,
    '--region',
    ` ${written} `,
  ]
  expect((await home.run(words)).code).toBe(0)
  expect(home.config().profiles.dev?.region).toBe('cn-shanghai')
  expect((await home.run(['login', '--profile', 'dev', '--no-browser'])).code).toBe(0)
}

/** As a person may have written it in an editor, or an earlier version kept it. */
function edit({ home }: World, region: string) {
  const path = join(home.directory, 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8'))
  config.profiles.dev.region = region
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 })
}

describe('[case 154] the region of a profile', () => {
  test(
    'reaches the shell formats, from the store and renewed, the aliyun CLI and oss',
    inWorld({}, async (world) => {
      await signedIn(world)
      edit(world, written)
      const { home } = world
      for (const words of [
        ['login', '--profile', 'dev', '--env'],
        ['credentials', '--profile', 'dev', '--env'],
        ['credentials', '--profile', 'dev', '--env', '--min-ttl', '59m59s'],
        ['login', '--profile', 'dev', '--env', '--force', '--no-browser'],
      ]) {
        const { stdout, stderr } = await home.run(words)
        expect(stdout, stderr).toContain('export ALIBABA_CLOUD_REGION_ID=cn-shanghai\n')
        expect(stdout).toContain('export OSS_REGION=cn-shanghai\n')
      }
      const { stdout } = await home.run(['configure', '--for', 'aliyun', '--profile', 'dev', '--print'])
      expect(JSON.parse(stdout).region_id).toBe('cn-shanghai')
      const named = [
        'configure',
        '--for',
        'aliyun',
        '--profile',
        'dev',
        '--print',
        '--region',
        'oss-cn-beijing',
      ]
      expect(JSON.parse((await home.run(named)).stdout).region_id).toBe('cn-beijing')
      const presigned = await home.run(['oss', 'presign', 'oss://reports/x', '--profile', 'dev'])
      expect(presigned.stdout).toContain('https://reports.oss-cn-shanghai.aliyuncs.com/x?')
      expect(decodeURIComponent(presigned.stdout)).toContain('/cn-shanghai/oss/aliyun_v4_request')
    }),
  )

  test(
    'that is none is wrong configuration, also when the credentials are in the store, and the shell is cleared',
    inWorld({}, async (world) => {
      await signedIn(world)
      edit(world, 'cn shanghai')
      const failed = await world.home.run(['login', '--profile', 'dev', '--env'])
      expect(failed.code).toBe(2)
      expect(failed.stdout).toMatch(/^unset -v .* && false\n$/)
      expect(failed.stderr).toContain('must be a region id such as cn-hangzhou, not cn shanghai')
      const words = ['configure', '--profile', 'dev', '--region', 'cn shanghai']
      expect((await world.home.run(words)).code).toBe(2)
    }),
  )

  test(
    'of the shell goes to a profile that the aliyun CLI does not have yet, whatever name it has',
    inWorld({}, async ({ home, portal }) => {
      await home.run(['configure', '--profile', 'dev', '--signin-url', portal.signInUrl])
      const names = [
        'ALIBABA_CLOUD_REGION_ID',
        'ALIBABA_CLOUD_REGION',
        'ALICLOUD_REGION',
        'ALIBABACLOUD_REGION_ID',
        'OSS_REGION',
      ]
      for (const name of names) {
        const words = ['configure', '--for', 'aliyun', '--profile', 'dev', '--print']
        const { stdout } = await home.run(words, { env: { [name]: written } })
        expect(JSON.parse(stdout).region_id, name).toBe('cn-shanghai')
      }
    }),
  )
})
