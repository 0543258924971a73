import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { version } from '../../src/kit/index.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { runSesame } from '../support/sesame.ts'

runCommandsHere()

const run = (...words: string[]) => runSesame(words, { home: tmpdir(), cwd: tmpdir() })

test.each([['version'], ['--version'], ['-v'], ['-V']])(
  '%s: the version alone; which build it is beside it',
  async (word) => {
    expect(await run(word)).toMatchObject({
      stdout: `${version}\n`,
      stderr: `npm package, Node.js ${process.versions.node}.\n`,
      code: 0,
    })
  },
)

test('version --json has all of it', async () => {
  const { stdout, stderr, code } = await run('version', '--json')
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  expect(JSON.parse(stdout)).toEqual({
    version,
    build: 'npm',
    runtime: 'Node.js',
    runtimeVersion: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
  })
})
