import { existsSync } from 'node:fs'
import { spawnSync } from './run-sync.ts'

const root = '/usr/aarch64-linux-gnu'

/** A program of Linux for arm64 is started by these words. */
export const onArm64 = ['qemu-aarch64', '-L', root] as const

/** Why no program for arm64 can be run here, and what would help; undefined where it can. */
export function whyNoQemu(): string | undefined {
  const { error } = spawnSync(onArm64[0], ['--version'])
  if (error === undefined && existsSync(`${root}/lib/ld-linux-aarch64.so.1`)) return undefined
  return 'qemu-user or its C library missing: apt-get install -y --no-install-recommends qemu-user libc6-arm64-cross'
}
