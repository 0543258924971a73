/** Of Mach-O files of 64 bits; numbers are of `mach-o/loader.h`. */
const magic = 0xfeedfacf
const headerBytes = 32
const symbolTable = 0x2
const segment = 0x19
const codeSignature = 0x1d
const pageBytes = 0x1000

/**
 * A program for macOS without its code signature. `bun build` signs anew what it makes for arm64, where nothing runs unsigned; for x64
 * it leaves the signature of the runtime, which does not fit any more, and a signature that does not fit is worse than none.
 *
 * @returns the file as it is when it has none
 * @throws Error for a file of another kind, or where something comes after the signature
 */
export function withoutSignature(file: Buffer): Buffer {
  if (file.readUInt32LE(0) !== magic) throw new Error('This is no Mach-O file of 64 bits.')
  const commands = loadCommands(file)
  const signature = commands.find(({ kind }) => kind === codeSignature)
  if (signature === undefined) return file
  const [from, length] = [file.readUInt32LE(signature.at + 8), file.readUInt32LE(signature.at + 12)]
  const isSegment = (at: number, name: string) =>
    file.toString('latin1', at + 8, at + 8 + name.length) === name
  const linkEdit = commands.find(({ kind, at }) => kind === segment && isSegment(at, '__LINKEDIT\0'))
  const symbols = commands.find(({ kind }) => kind === symbolTable)
  if (signature !== commands.at(-1) || from + length !== file.length || !linkEdit || !symbols)
    throw new Error('The signature is not the end of this file.')
  // Between the names of the symbols, which come before it, and the signature there is nothing but padding.
  const end = file.readUInt32LE(symbols.at + 16) + file.readUInt32LE(symbols.at + 20)
  if (end > from || end < from - 16) throw new Error('Something else is between symbols and signature.')
  const result = Buffer.from(file.subarray(0, end))
  result.writeUInt32LE(commands.length - 1, 16)
  result.writeUInt32LE(file.readUInt32LE(20) - signature.bytes, 20)
  result.fill(0, signature.at, signature.at + signature.bytes)
  const linkEditBytes = end - Number(file.readBigUInt64LE(linkEdit.at + 40))
  result.writeBigUInt64LE(BigInt(Math.ceil(linkEditBytes / pageBytes) * pageBytes), linkEdit.at + 32)
  result.writeBigUInt64LE(BigInt(linkEditBytes), linkEdit.at + 48)
  return result
}

interface LoadCommand {
  kind: number
  /** Offset and size in the file. */
  at: number
  bytes: number
}

function loadCommands(file: Buffer): LoadCommand[] {
  const commands: LoadCommand[] = []
  let at = headerBytes
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    const [kind, bytes] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)]
    commands.push({ kind, at, bytes })
    at += bytes
  }
  return commands
}
