import { execFile } from 'node:child_process'
import { credentialVariableNames } from '../../src/output/index.ts'

/** What is in the environment of a POSIX shell after it has evaluated a text: the status, and our variables. */
export function evaluate(
  text: string,
  env: Record<string, string>,
): Promise<{ status: number; variables: Record<string, string> }> {
  const script = 'eval "$1"; printf "status=%s\\n" "$?"; env'
  return new Promise((resolve, reject) => {
    execFile(
      'sh',
      ['-c', script, 'sh', text],
      { env: { PATH: process.env.PATH, ...env } },
      (error, stdout) => {
        if (error) return reject(error)
        const pairs = stdout.split('\n').map((line) => {
          const equals = line.indexOf('=')
          return [line.slice(0, equals), line.slice(equals + 1)] as const
        })
        const ours: readonly string[] = credentialVariableNames
        const status = Number(pairs.find(([name]) => name === 'status')?.[1])
        resolve({ status, variables: Object.fromEntries(pairs.filter(([name]) => ours.includes(name))) })
      },
    )
  })
}
