import { decodeListedText } from '../token-text.ts'
import type { SqliteConnection, SqliteRow, SqliteStatement } from './connection.ts'
import { irregular } from './schema.ts'

/**
 * A text column, fetched with SQL's `hex`: libsql aborts the whole process on a text that is no UTF-8, and nothing keeps other
 * programs from writing one.
 */
export function fromHex(text: unknown): string {
  return Buffer.from(String(text), 'hex').toString('utf8')
}

/** Finds a token in the table itself, whichever program has written it there and however it is spelled. */
export class SqliteLookup {
  readonly #byIndex: SqliteStatement
  readonly #irregular: SqliteStatement

  constructor(connection: SqliteConnection) {
    const select = 'SELECT hex(token) AS token FROM revocation_list WHERE'
    this.#byIndex = connection.prepare(`${select} lower(substr(token, -36, 32)) IN (?, ?)`)
    this.#irregular = connection.prepare(`${select} ${irregular}`)
  }

  /** True for a token whose row the index shows. A token of an irregular row is one of `irregularTokens`. */
  isIndexed(sealed: Buffer): boolean {
    return this.#byIndex.all(...lookupKeys(sealed)).some((row) => decodeToken(row).equals(sealed))
  }

  /** The sealed bytes in the rows that the index does not show: usually none. */
  irregularTokens(): Buffer[] {
    return this.#irregular.all().map(decodeToken)
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

function decodeToken({ token }: SqliteRow): Buffer {
  return decodeListedText(fromHex(token))
}
