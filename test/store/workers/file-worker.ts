import { dirname } from 'node:path'
import { ensurePrivateDirectory } from '../../../src/files/private-directory.ts'
import { writePrivateFile } from '../../../src/files/private-file.ts'

/** file-worker.cjs UMASK PATH CONTENT: writes one file into a directory that it creates, and says so. */
const [, , umask = '', path = '', content = ''] = process.argv
process.umask(Number.parseInt(umask, 8))
ensurePrivateDirectory(dirname(path), () => {})
writePrivateFile(path, content)
process.stdout.write('written\n')
