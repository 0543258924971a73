/** The flags of `sstcli`, and what each asks for. Go's flag package takes one dash or two, the value apart or behind `=`. */
const actions: Readonly<Record<string, (value: string) => readonly string[]>> = {
  createToken: (value) => ['create', '--', value],
  verifyToken: (value) => ['verify', '--', value],
  revokeToken: (value) => ['revoke', '--', value],
  createAesKey: (value) => ['create-key', '--length', value],
}

const flag = /^--?(secretFile|createToken|verifyToken|revokeToken|createAesKey)(?:=(.*))?$/s

/**
 * A command line of `sstcli` (`-secretFile F -createToken U`) in our words (`create --key-file F -- U`); any other stays as
 * it is. Other options may stand between.
 */
export function translateSstcliWords(argv: readonly string[]): readonly string[] {
  const own: string[] = []
  let action: readonly string[] | undefined
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    const match = flag.exec(word)
    if (match === null) {
      own.push(word)
      continue
    }
    const [, name = '', behind] = match
    const value = behind ?? argv[++at] ?? ''
    if (name === 'secretFile') own.push('--key-file', value)
    // A second action is one word too many, which the parser says.
    else action = [...(action ?? []), ...(actions[name]?.(value) ?? [])]
  }
  if (action === undefined) return argv
  const [command = '', ...rest] = action
  return [command, ...own, ...rest]
}
