import { spawnSync } from 'node:child_process'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'

/** A file of an archive. */
export interface Entry {
  /** With slashes. */
  path: string
  content: Buffer
  executable?: boolean
}

/** The time of every file, as in the archives of npm: what is packed depends on what is in it alone. */
const modifiedAt = new Date('1985-10-26T08:15:00Z')

const modeOf = ({ executable = false }: Entry) => (executable ? 0o755 : 0o644)

const byPath = (one: Entry, other: Entry) => (one.path < other.path ? -1 : 1)

/** A tar archive (POSIX.1-1988, ustar) of regular files; they belong to root. */
export function tar(entries: readonly Entry[]): Buffer {
  const block = 512
  const parts = [...entries].sort(byPath).flatMap((entry) => {
    const padding = Buffer.alloc((block - (entry.content.length % block)) % block)
    return [tarHeader(entry), entry.content, padding]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

function tarHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(512)
  const octal = (value: number, at: number, digits: number) =>
    header.write(value.toString(8).padStart(digits, '0'), at)
  if (entry.path.length > 100) throw new Error(`${entry.path} is too long for a tar archive`)
  header.write(entry.path)
  octal(modeOf(entry), 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(entry.content.length, 124, 11)
  octal(modifiedAt.getTime() / 1000, 136, 11)
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  header.write('root', 265)
  header.write('root', 297)
  const sum = header.reduce((total, byte) => total + byte, 0)
  octal(sum, 148, 6)
  header[154] = 0
  return header
}

/** Compressed by gzip (RFC 1952), without a time and without the system that did it. */
export function gzip(content: Buffer): Buffer {
  const packed = gzipSync(content, { level: 9 })
  packed[9] = 255
  return packed
}

/**
 * Compressed by the program `xz`, with the check that every reader knows.
 * @throws Error where there is no such program
 */
export function xz(content: Buffer): Buffer {
  const words = ['--compress', '--stdout', '--threads=1', '--check=crc32', '-6']
  const { status, stdout, stderr, error } = spawnSync('xz', words, { input: content, maxBuffer: 2 ** 28 })
  if (status === 0) return stdout
  throw new Error(`xz (package xz-utils) cannot be run: ${error?.message ?? stderr}`)
}

/** A ZIP archive (APPNOTE 6.3) of deflated files with modes of Unix. */
export function zip(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of [...entries].sort(byPath)) {
    const packed = deflateRawSync(entry.content, { level: 9 })
    const name = Buffer.from(entry.path)
    const common = zipCommon(entry, packed, name)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed])
    const central = Buffer.alloc(46 - 4 - 2 - common.length)
    // No comment, first disk, no internal attributes; a regular file of this mode.
    central.writeUInt32LE(((0o100000 | modeOf(entry)) << 16) >>> 0, 6)
    central.writeUInt32LE(offset, 10)
    const unix = Buffer.from([20, 3])
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), unix, common, central, name]))
    locals.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, central, end])
}

/** The part that both headers of a file have in common: from the version that is needed to the length of the extra field. */
function zipCommon({ content }: Entry, packed: Buffer, name: Buffer): Buffer {
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(8, 4)
  const [hours, minutes] = [modifiedAt.getUTCHours(), modifiedAt.getUTCMinutes()]
  common.writeUInt16LE((hours << 11) | (minutes << 5), 6)
  const [year, month, day] = [
    modifiedAt.getUTCFullYear() - 1980,
    modifiedAt.getUTCMonth() + 1,
    modifiedAt.getUTCDate(),
  ]
  common.writeUInt16LE((year << 9) | (month << 5) | day, 8)
  common.writeUInt32LE(crc32(content), 10)
  common.writeUInt32LE(packed.length, 14)
  common.writeUInt32LE(content.length, 18)
  common.writeUInt16LE(name.length, 22)
  return common
}
