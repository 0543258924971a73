/** Ways to write a text, and to undo them: what encoders between us and a server make of a secret. */
export interface Spelling {
  name: string
  write: (text: string) => string
  undo: (text: string) => string
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0')
const codePoint = (char: string) => char.codePointAt(0) ?? 0
const plain = /^[A-Za-z0-9]$/

const named: Record<string, string> = {
  '+': 'plus',
  '/': 'sol',
  '=': 'equals',
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
  '%': 'percnt',
  '\\': 'bsol',
  '#': 'num',
  ';': 'semi',
}
const charOfName = new Map(Object.entries(named).map(([char, name]) => [name, char]))

function undoPercent(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
  )
}

function undoEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return charOfName.get(name) ?? whole
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal))
  })
}

function undoBackslashes(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\(.)/g, (_, unit, byte, char) =>
    char === undefined ? String.fromCharCode(Number.parseInt(unit ?? byte, 16)) : char,
  )
}

function undoBase64(text: string): string {
  return text.replace(/[A-Za-z0-9+/_-]{12,}={0,2}/g, (run) => `${Buffer.from(run, 'base64').toString()} `)
}

const percent = (name: string, write: Spelling['write']): Spelling => ({ name, write, undo: undoPercent })
const entity = (name: string, write: (char: string) => string): Spelling => ({
  name,
  write: (text) => [...text].map(write).join(''),
  undo: undoEntities,
})
const backslash = (name: string, write: (unit: number) => string): Spelling => ({
  name,
  write: (text) => Array.from({ length: text.length }, (_, index) => write(text.charCodeAt(index))).join(''),
  undo: undoBackslashes,
})
const unlessPlain = (unit: number, escaped: string) => {
  const char = String.fromCharCode(unit)
  return plain.test(char) ? char : escaped
}

export const spellings: readonly Spelling[] = [
  percent('percent, upper case', encodeURIComponent),
  percent('percent, lower case', (text) =>
    encodeURIComponent(text).replace(/%../g, (one) => one.toLowerCase()),
  ),
  percent('percent, every byte', (text) => [...Buffer.from(text)].map((byte) => `%${hex(byte, 2)}`).join('')),
  percent('percent, every byte, upper case', (text) =>
    [...Buffer.from(text)].map((byte) => `%${hex(byte, 2).toUpperCase()}`).join(''),
  ),
  {
    name: 'form',
    write: (text) => new URLSearchParams([['', text]]).toString().slice(1),
    undo: (text) => undoPercent(text.replaceAll('+', ' ')),
  },
  entity('entities, decimal', (char) => (plain.test(char) ? char : `&#${codePoint(char)};`)),
  entity('entities, decimal, every character', (char) => `&#${codePoint(char)};`),
  entity('entities, hexadecimal', (char) => (plain.test(char) ? char : `&#x${hex(codePoint(char), 1)};`)),
  entity(
    'entities, hexadecimal, zero-padded, every character',
    (char) => `&#X${hex(codePoint(char), 8).toUpperCase()};`,
  ),
  entity('entities, decimal, zero-padded', (char) =>
    plain.test(char) ? char : `&#${String(codePoint(char)).padStart(7, '0')};`,
  ),
  entity('entities, named', (char) => (named[char] === undefined ? char : `&${named[char]};`)),
  entity('entities, as few as HTML needs', (char) => ('&<>"'.includes(char) ? `&${named[char]};` : char)),
  backslash('\\u', (unit) => unlessPlain(unit, `\\u${hex(unit, 4)}`)),
  backslash('\\u, every character, upper case', (unit) => `\\u${hex(unit, 4).toUpperCase()}`),
  backslash('\\x', (unit) =>
    unit < 256 ? unlessPlain(unit, `\\x${hex(unit, 2)}`) : String.fromCharCode(unit),
  ),
  backslash('\\x, every character', (unit) =>
    unit < 256 ? `\\x${hex(unit, 2).toUpperCase()}` : String.fromCharCode(unit),
  ),
  { name: 'JSON', write: (text) => JSON.stringify(text).slice(1, -1), undo: undoBackslashes },
  { name: 'base64', write: (text) => Buffer.from(text).toString('base64'), undo: undoBase64 },
  { name: 'base64url', write: (text) => Buffer.from(text).toString('base64url'), undo: undoBase64 },
]
