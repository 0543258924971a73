import { printable, SesameError, shellWord, t } from '../kit/index.ts'

/** There is no list in the file: its hint is the command that makes one. `name`: the file as the person named it. */
export function noListAt(name: string | undefined): SesameError {
  const where = name === undefined ? '~/.config/sst/sst.db' : printable(name)
  // A leading hyphen would make an option of it.
  const word = name?.startsWith('-') ? `./${name}` : name
  const option = word === undefined ? '' : ` --db ${shellWord(printable(word))}`
  return noList(where, `sesame sst init${option}`)
}

/** There is no list in that Redis; `url` without a password, undefined when it has one. */
export function noListInRedis(url: string | undefined): SesameError {
  const option = url === undefined ? '' : ` --redis ${shellWord(printable(url))}`
  return noList('Redis', `sesame sst init${option}`)
}

function noList(where: string, command: string): SesameError {
  const message = t(
    'There is no revocation list in {where}. If there was one, restore it; to make a new one, run:',
    { where },
  )
  return new SesameError('ERR_STORE_UNAVAILABLE', message, { hint: command })
}
