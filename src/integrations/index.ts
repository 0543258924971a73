export { configureAliyun } from './aliyun/configure.ts'
export { loginCommand, ownCommand } from './process-command.ts'
export { wrapperNotes, wrapperScript } from './wrapper-script.ts'
