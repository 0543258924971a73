export { guardConnections, loopbackTimeouts } from './connections.ts'
export { headerPairs, onlyHost } from './request.ts'
