import type Libsql from 'libsql'
import { irregular } from './schema.ts'
import { decodeListedText } from '../token-text.ts'

/**
 * A text column, fetched with SQL's `hex`: the binding aborts the whole process on a text that is no UTF-8, and nothing keeps
 * other programs from writing one.
 */
export function fromHex(text: string): string {
  return Buffer.from(text, 'hex').toString('utf8')
}

/** Finds a token in the table itself, whoever has written it there and however it is spelled. */
export class SqliteLookup {
  readonly #byIndex: Libsql.Statement<unknown[]>
  readonly #irregular: Libsql.Statement<unknown[]>

  constructor(connection: Libsql.Database) {
    this.#byIndex = connection
      .prepare('SELECT hex(token) FROM revocation_list WHERE lower(substr(token, -36, 32)) IN (?, ?)')
      .raw()
    this.#irregular = connection.prepare(`SELECT hex(token) FROM revocation_list WHERE ${irregular}`).raw()
  }

  /** True for a token whose row the index shows. A token of an irregular row is one of `irregularTokens`. */
  isIndexed(sealed: Buffer): boolean {
    const rows = this.#byIndex.all(...lookupKeys(sealed)) as [string][]
    return rows.some(([text]) => decodeListedText(fromHex(text)).equals(sealed))
  }

  /** The sealed bytes in the rows that the index does not show: usually none. */
  irregularTokens(): Buffer[] {
    return (this.#irregular.all() as [string][]).map(([text]) => decodeListedText(fromHex(text)))
  }

  isListed(sealed: Buffer): boolean {
    return this.isIndexed(sealed) || this.irregularTokens().some((token) => token.equals(sealed))
  }
}

/**
 * What the index holds for a token: 32 characters from the 36th before the end, in lower case. In hexadecimal and in
 * base64 alike they follow from the sealed bytes; the last four, where base64 has padding and idle bits, are left out.
 */
function lookupKeys(sealed: Buffer): [string, string] {
  return [sealed.toString('hex').slice(-36, -4), sealed.toString('base64').slice(-36, -4).toLowerCase()]
}
