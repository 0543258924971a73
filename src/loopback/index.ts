export { guardConnections, loopbackTimeouts, socketAccess } from './connections.ts'
export { headerPairs, onlyHost } from './request.ts'
