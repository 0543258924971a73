import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { shellWord } from '../../../../src/kit/index.ts'
import type { Finished } from '../../../support/sesame.ts'
import { sesamePath } from '../../../support/sesame.ts'
import type { ClientWorld, Way } from '../client.ts'
import { runWords, startClient } from '../client-world.ts'
import type { Program } from '../sdk-ways.ts'

const credentials = [process.execPath, sesamePath, 'credentials', '--profile', 'dev']

/** What boto3 does with `credential_process`, and with variables. */
export function awsWays(program: Program): readonly Way[] {
  return [configurationFile(program), awsEnvironment((host) => program(host), program)]
}

/** s3cmd reads no process. */
export function s3cmdWays(path: string): readonly Way[] {
  return [awsEnvironment((host) => [path, '--no-ssl', `--host=${host}`, `--host-bucket=${host}`, 'ls'])]
}

/** `credential_process` of a profile in `~/.aws/config`. */
function configurationFile(program: Program): Way {
  const env = { AWS_PROFILE: 'oss' }
  const run = ({ cloud, ...world }: ClientWorld, ...mode: readonly string[]) =>
    runWords({ cloud, ...world }, program(cloud.host, ...mode), env)
  return {
    name: 'configuration file',
    async prepare({ home }) {
      mkdirSync(join(home.home, '.aws'), { mode: 0o700 })
      const command = [...credentials, '--format', 'aws'].map(shellWord).join(' ')
      writeFileSync(join(home.home, '.aws', 'config'), `[profile oss]\ncredential_process = ${command}\n`)
    },
    call: (world) => run(world),
    atOnce: (world, count) => run(world, '--at-once', String(count)),
    start: (world) => startClient(world, program(world.cloud.host, '--lines'), env),
    signInNeeded: { code: 1, says: /sesame login --profile dev/ },
  }
}

/** `eval "$(sesame credentials --format aws-env)"` in a shell with keys of another account under names that go before ours. */
function awsEnvironment(words: (host: string) => readonly string[], program?: Program): Way {
  const run = (world: ClientWorld, command: readonly string[]): Promise<Finished> => {
    const print = [...credentials, '--format', 'aws-env'].map(shellWord).join(' ')
    const script = `eval "$(${print})" && exec ${command.map(shellWord).join(' ')}`
    return runWords(world, ['/bin/sh', '-c', script])
  }
  return {
    name: 'environment',
    call: (world) => run(world, words(world.cloud.host)),
    ...(program && {
      atOnce: (world: ClientWorld, count: number) =>
        run(world, program(world.cloud.host, '--at-once', String(count))),
    }),
    signInNeeded: { code: 1, says: /sesame login --profile dev/ },
  }
}
