import { strangersIn } from './windows-access.ts'

/** The part of `bun:ffi` in use: calls of the system without a native part of our own. */
interface Ffi {
  dlopen(
    library: string,
    functions: Record<string, { args: readonly string[]; returns: string }>,
  ): { symbols: Record<string, (...values: unknown[]) => number> }
  read: { u16(pointer: number, offset: number): number }
}

// What the headers of Windows call SE_FILE_OBJECT, OWNER_ and DACL_SECURITY_INFORMATION, SDDL_REVISION_1, TokenUser.
const fileObject = 1
const ownerAndList = 0x1 | 0x4
const sddlRevision = 1
const tokenUser = 1
/** The handle that always means the token of this process. */
const ownToken = -4n

/**
 * Who else than this user, the system and the administrators owns a file or directory or can change it, as security identifiers.
 * For a standalone executable on Windows: its runtime can call the system, Node cannot.
 * @throws Error when the system does not say it
 */
export function strangersAt(path: string): string[] {
  const { dlopen, read } = process.getBuiltinModule('bun:ffi') as unknown as Ffi
  const { symbols } = dlopen('advapi32.dll', {
    GetNamedSecurityInfoW: {
      args: ['ptr', 'i32', 'u32', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr'],
      returns: 'u32',
    },
    ConvertSecurityDescriptorToStringSecurityDescriptorW: {
      args: ['u64', 'u32', 'u32', 'ptr', 'ptr'],
      returns: 'i32',
    },
    GetTokenInformation: { args: ['i64', 'i32', 'ptr', 'u32', 'ptr'], returns: 'i32' },
    ConvertSidToStringSidW: { args: ['u64', 'ptr'], returns: 'i32' },
  })
  const call = (name: string, isDone: (result: number | undefined) => boolean, ...values: unknown[]) => {
    if (!isDone(symbols[name]?.(...values))) throw new Error(`${name} failed for ${path}`)
  }
  // What the system allocates for its answers is not given back: a few hundred bytes, once in a process.
  const answer = new BigUint64Array(1)
  const textAt = (pointer: number) => {
    let text = ''
    for (let unit = 1, i = 0; unit !== 0; i += 2) {
      unit = read.u16(pointer, i)
      if (unit !== 0) text += String.fromCharCode(unit)
    }
    return text
  }
  const isZero = (result?: number) => result === 0
  const isNotZero = (result?: number) => result !== undefined && result !== 0

  const wide = Buffer.from(`${path}\0`, 'utf16le')
  const nothing = [null, null, null, null]
  call('GetNamedSecurityInfoW', isZero, wide, fileObject, ownerAndList, ...nothing, answer)
  const toText = 'ConvertSecurityDescriptorToStringSecurityDescriptorW'
  call(toText, isNotZero, answer[0], sddlRevision, ownerAndList, answer, null)
  const descriptor = textAt(Number(answer[0]))

  const token = new BigUint64Array(32)
  call('GetTokenInformation', isNotZero, ownToken, tokenUser, token, token.byteLength, new Uint32Array(1))
  call('ConvertSidToStringSidW', isNotZero, token[0], answer)
  return strangersIn(descriptor, textAt(Number(answer[0])))
}
