import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommandsHere } from '../support/run-here.ts'
import { age, logIn } from '../support/sdk.ts'
import { inWorld } from '../support/world.ts'

runCommandsHere()

/* Older releases of the aliyun CLI read the standard error of a `process_command` into its result. */

const words = ['credentials', '--profile', 'dev', '--format', 'json']

test(
  '[case 224] a warning beside a result is kept off stderr by --quiet, on the cached path too',
  inWorld({}, async (world) => {
    await logIn(world)
    const open = () => chmodSync(join(world.home.directory, 'config.json'), 0o644)
    open()
    const loud = await world.home.run(words)
    expect(loud).toMatchObject({ code: 0, stderr: expect.stringContaining('was open to other users') })
    open()
    expect(await world.home.run([...words, '--quiet'])).toMatchObject({
      code: 0,
      stdout: loud.stdout,
      stderr: '',
    })
  }),
)

test(
  '[case 224] so is the warning of a renewal that failed while the old credentials are still valid',
  inWorld({}, async (world) => {
    await logIn(world)
    age(world, 120_000)
    world.portal.fault('POST /cloud-credentials', { kind: 'status', status: 503 }, { times: 50 })
    const loud = await world.home.run(words)
    expect(loud).toMatchObject({ code: 0, stderr: expect.stringContaining('Renewal failed') })
    expect(await world.home.run([...words, '--quiet'])).toMatchObject({
      code: 0,
      stdout: loud.stdout,
      stderr: '',
    })
  }),
)

test(
  '[case 224] an error is still said, and login, which speaks to a person, has no such option',
  inWorld({}, async ({ home }) => {
    const failed = await home.run([...words, '--quiet'])
    expect(failed).toMatchObject({ code: 3, stdout: '' })
    expect(failed.stderr).toContain('sesame login --profile dev')
    expect(await home.run(['login', '--profile', 'dev', '--quiet'])).toMatchObject({ code: 2, stdout: '' })
  }),
)

test(
  '[case 224] login refuses --quiet also when its answer lies in the store',
  inWorld({}, async (world) => {
    await logIn(world)
    expect(await world.home.run(['login', '--profile', 'dev', '--quiet'])).toMatchObject({
      code: 2,
      stdout: '',
    })
  }),
)
