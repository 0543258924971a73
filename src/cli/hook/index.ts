export { type HookShell, hookShells, hookSnippet } from './hook-snippet.ts'
