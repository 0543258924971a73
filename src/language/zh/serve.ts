/** `sesame serve`. */
export const serve = {
  '--env and --format {format} contradict each other.': '--env 与 --format {format} 互相矛盾。',
  '--port must be a number from 0 to 65535.': '--port 必须是 0 到 65535 之间的数字。',
  'The server could not be started.': '无法启动服务。',
  'This shell has no server: {name} is not set.': '当前 shell 没有服务：未设置 {name}。',
  'One is started with: {command}': '启动服务：{command}',
  'The server of this shell has ended before.': '当前 shell 的服务此前已经结束。',
  '--port does not go with --socket.': '--port 不能与 --socket 同时使用。',
  '--socket needs Unix sockets, which Node.js does not have on Windows.':
    '--socket 需要 Unix 套接字，而 Node.js 在 Windows 上不支持。',
  'Use a port: sesame serve --port 0': '请改用端口：sesame serve --port 0',
  '--socket needs the path of a socket.': '--socket 需要套接字的路径。',
  'The path of the socket has {length} bytes; {most} is the most that the system takes.':
    '套接字路径长 {length} 字节，系统最多允许 {most} 字节。',
  'Choose a shorter one: {path}': '请换一个更短的路径：{path}',
  'Name another path, or move it away.': '请换一个路径，或先将其移走。',
  'something else than a socket is there': '该位置已有其他文件，且不是套接字',
  'the socket there belongs to another user': '该位置的套接字属于其他用户',
  'a program listens on that socket': '已有程序在监听该套接字',
  'End it first, or name another path.': '请先结束该程序，或换一个路径。',
  'the socket there does not answer ({code})': '该位置的套接字没有响应（{code}）',
  'its file system keeps no permissions, so other users could connect':
    '其文件系统不保存权限，其他用户也能连接',
  'Name a path on another file system.': '请换到其他文件系统上的路径。',
  'something else is there by now': '该位置刚刚出现了其他文件',
  'listen on a Unix socket that only you can use: for ssh -R, containers (docs/containers.md)':
    '监听只有您本人可用的 Unix 套接字，用于 ssh -R 和容器（docs/containers.md）',
  'print {"url","expiration"}, and "socket", instead of the bare URL':
    '输出 {"url","expiration"} 以及 "socket"，而不是单独的 URL',
  'Port {port} cannot be used ({reason}).': '无法使用端口 {port}（{reason}）。',
  'Choose another port, or 0 for any free one.': '换一个端口，或用 0 选择任意空闲端口。',
} as const
