export { type HttpProxyOptions, startHttpProxy } from './proxy/http-proxy.ts'
export { startSocksProxy } from './proxy/socks-proxy.ts'
export type { MockProxy, ProxyFault, ProxyOptions, Tunnel } from './proxy/tunnels.ts'
