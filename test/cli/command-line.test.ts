import { describe, expect, test } from 'vitest'
import { execCommand } from '../../src/cli/commands/exec.ts'
import { main } from '../../src/cli/main.ts'
import { parseInput, withDashes } from '../../src/cli/parse-input.ts'
import { copyEnvironment } from '../../src/kit/index.ts'

const commandOf = (words: string[]) =>
  parseInput(execCommand, 'exec', withDashes(execCommand, words)).positionals

describe('[case 184] PowerShell takes the -- for itself', () => {
  test.each([
    ['terraform plan', ['terraform', 'plan']],
    ['--profile dev terraform plan -out x', ['terraform', 'plan', '-out', 'x']],
    ['--profile=dev --server node app.js --profile other', ['node', 'app.js', '--profile', 'other']],
    ['git log -- file', ['git', 'log', '--', 'file']],
    ['-- terraform plan', ['terraform', 'plan']],
    ['--profile dev -- npm run x -- y', ['npm', 'run', 'x', '--', 'y']],
    ['--profile dev', []],
  ])('sesame exec %s', (line, command) => {
    expect(commandOf(line.split(' '))).toEqual(command)
  })

  test('--help behind the command is the command’s; only Windows needs no --', async () => {
    const run = async (argv: string[], platform: NodeJS.Platform) => {
      const said = { out: '', err: '' }
      const say = (to: 'out' | 'err') => (text: string) => {
        said[to] += text
        return 'written'
      }
      const edges = {
        argv,
        env: { SESAME_CONFIG_DIR: 'relative' },
        platform,
        homeDirectory: '',
        isTerminal: () => false,
        stdout: say('out'),
        stderr: say('err'),
        clock: { now: () => new Date(), monotonicMs: () => 0 },
      }
      await main(edges as never)
      return said
    }
    const help = ['exec', 'terraform', '--help']
    expect((await run(help, 'linux')).out).toContain('sesame exec')
    expect((await run(help, 'win32')).out).toBe('')
    expect((await run(['exec', '--help'], 'win32')).out).toContain('sesame exec')
    expect((await run(['exec', 'terraform'], 'linux')).err).toContain('sesame exec -- terraform')
    expect((await run(['exec', 'terraform'], 'win32')).err).toContain('SESAME_CONFIG_DIR')
  })
})

describe('[case 184] names of variables', () => {
  test('have no case on Windows, and are kept as they are written', () => {
    const env = copyEnvironment({ Path: 'C:\\x', sesame_profile: 'dev', EMPTY: '' }, 'win32')
    expect([env.PATH, env.path, env.SESAME_PROFILE, env.empty, env.NONE]).toEqual([
      'C:\\x',
      'C:\\x',
      'dev',
      '',
      undefined,
    ])
    expect({ ...env }).toEqual({ Path: 'C:\\x', sesame_profile: 'dev', EMPTY: '' })
  })

  test('have one elsewhere', () => {
    expect(copyEnvironment({ Path: 'x' }, 'linux').PATH).toBeUndefined()
  })
})
