import type { Keyring } from './keyring.ts'
import { spawnSync } from './run-sync.ts'

/** What another program (`secret-tool`) finds in the keychain under sesame's name: item names and their secrets. */
export function secretItems({ env }: Keyring): { names: string[]; secrets: string } {
  const { stdout, stderr } = spawnSync('secret-tool', ['search', '--all', 'service', 'sesame'], {
    env,
    encoding: 'utf8',
  })
  const names = [...stderr.matchAll(/attribute\.username = (\S+)/g)].map(([, name = '']) => name)
  return { names, secrets: stdout }
}

/** Removes the items whose names begin so. */
export function removeSecretItems(keyring: Keyring, prefix: string): void {
  for (const name of secretItems(keyring).names.filter((each) => each.startsWith(prefix))) {
    spawnSync('secret-tool', ['clear', 'service', 'sesame', 'username', name], { env: keyring.env })
  }
}
