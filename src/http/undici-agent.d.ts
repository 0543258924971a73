// The agent alone loads in a third of the time of the whole of undici, and nothing else of it is needed.
declare module 'undici/lib/dispatcher/agent.js' {
  import type { Agent } from 'undici'

  const agent: typeof Agent
  export = agent
}
