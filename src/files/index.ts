export { tryFileLock, whileHeld, withFileLock } from './locks/file-lock.ts'
export { type Held, type Holder, lockPath, look, release, type Sighting } from './locks/lock-file.ts'
export { holderStopped, hostName, waitingFor } from './locks/lock-messages.ts'
export { deletePlainFiles, type PlainFile, readJsonFile, readPlainFile } from './plain-file.ts'
export {
  checkCreatable,
  ensurePrivateDirectory,
  fileError,
  isPrivateDirectory,
  refused,
  windows,
  withFile,
} from './private-directory.ts'
export {
  createPrivateFile,
  readPrivateFile,
  removePrivateFile,
  setAside,
  writePrivateFile,
} from './private-file.ts'
export { readRegularFile } from './regular-file.ts'
export { checkTrustedDirectory, checkTrustedFile, followTrusted } from './trusted-path.ts'
