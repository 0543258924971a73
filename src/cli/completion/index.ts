export type { CompletionCommand, CompletionOption, CompletionSource } from './completion-command.ts'
export { type CompletionShell, completionScript, completionShells } from './completion-script.ts'
