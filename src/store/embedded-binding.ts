/** The native keychain binding that a standalone executable carries in itself. */
export interface EmbeddedBinding {
  /** Of the file in the executable; it exists for that process alone. */
  path: string
  /** Of its content, hexadecimal. */
  sha256: string
}

/**
 * Undefined in the npm package, which has the binding as a package, and on Linux, where none is needed. The build of the executables
 * for macOS and Windows puts another file in the place of this one.
 */
export const embeddedBinding: EmbeddedBinding | undefined = undefined
