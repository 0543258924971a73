export {
  fileError,
  fileReason,
  inWords,
  namesIn,
  realPath,
  refused,
  statsOf,
  withFile,
} from './file-calls.ts'
export { windows } from './file-systems.ts'
export { tryFileLock, whileHeld, withFileLock } from './locks/file-lock.ts'
export { type Held, type Holder, lockPath, look, release, type Sighting } from './locks/lock-file.ts'
export { holderStopped, hostName, waitingFor } from './locks/lock-messages.ts'
export {
  deletePlainFiles,
  type PlainFile,
  readJsonFile,
  readPlainFile,
  readRegularFile,
} from './plain-file.ts'
export {
  checkCreatable,
  ensurePrivateDirectory,
  isPrivateDirectory,
  proveDirectory,
} from './private-directory.ts'
export {
  abandonedBeside,
  createPrivateFile,
  readPrivateFile,
  removePrivateFile,
  setAside,
  writePrivateFile,
} from './private-file.ts'
export { type PlacedSocket, placeSocket } from './private-socket.ts'
export { strayFileError } from './stray-error.ts'
export { checkTrustedDirectory, checkTrustedFile, followTrusted } from './trusted-path.ts'
