export type { Handover, Integration } from './integration.ts'
export { loginCommand, ownCommand } from './process-command.ts'
export { integrations, type Tool, tools } from './tools.ts'
