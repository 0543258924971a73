/** Files, directories and locks, and what the file system says about them. */
export const files = {
  'Cannot {attempt} {path}: {reason}': '无法{attempt} {path}：{reason}',
  'Cannot use {path}: {reason}': '无法使用 {path}：{reason}',
  'Refusing to use {path}: {why}': '拒绝使用 {path}：{why}',
  'a file': '文件',

  change: '修改',
  copy: '复制',
  create: '创建',
  'create the directory': '创建目录',
  'create a socket in': '在以下目录中创建套接字',
  delete: '删除',
  'listen on': '监听',
  lock: '锁定',
  'look at': '查看',
  open: '打开',
  'open the directory': '打开目录',
  read: '读取',
  remove: '删除',
  'set aside': '移开',
  use: '使用',
  write: '写入',
  'write to': '写入',

  'permission denied': '权限不足',
  'it is in use': '正在被占用',
  'the disk quota is used up': '磁盘配额已用尽',
  'something else is there': '该位置已有其他内容',
  'it is too large': '文件过大',
  'it is not a regular file': '不是普通文件',
  'the disk reported an error': '磁盘报告错误',
  'it is a directory': '它是一个目录',
  'too many files are open': '打开的文件过多',
  'the name is too long': '名称过长',
  'no such file or directory': '文件或目录不存在',
  'no space left on the disk': '磁盘空间不足',
  'a part of the path is not a directory': '路径中有一部分不是目录',
  'the directory is not empty': '目录不为空',
  'not permitted': '操作不被允许',
  'the file system is read-only': '文件系统是只读的',
  'the network file system has lost it': '网络文件系统中的文件已失效',
  'the network file system does not answer': '网络文件系统没有响应',
  'unknown error': '未知错误',
  'its symbolic links lead in a circle': '符号链接形成了循环',
  'it is a symbolic link': '它是符号链接',
  'it is a symbolic link, not a directory': '它是符号链接，不是目录',
  'it is larger than {maxBytes} bytes': '大小超过 {maxBytes} 字节',
  'it is not valid JSON': '不是有效的 JSON',
  'it does not hold a JSON object': '内容不是 JSON 对象',
  'it has more than one hard link': '有不止一个硬链接',
  'it did not return what was written': '读出的内容与写入的不一致',
  'its file system keeps no permissions, so other users could read it':
    '所在的文件系统不保存权限，其他用户可能会读取',
  'it belongs to another user (uid {uid}, this is uid {own})':
    '属于其他用户（uid {uid}，当前用户 uid {own}）',
  '{what} belongs to another user (uid {uid}, this is uid {own})':
    '{what} 属于其他用户（uid {uid}，当前用户 uid {own}）',
  'the link {path}': '链接 {path}',
  'the directory {path}': '目录 {path}',
  'it is a link to a file that does not exist': '链接指向的文件不存在',
  'its links lead in a circle': '链接形成了循环',
  '{path} is not a directory': '{path} 不是目录',
  'other users can write to the directory {path}': '其他用户可以写入目录 {path}',

  'Put a real directory there.': '在该位置放一个真正的目录。',
  'Put the real file there.': '在该位置放真正的文件。',
  'Move it away.': '把它移走。',
  'Name another file.': '指定另一个文件。',
  'Name a file that belongs to you.': '指定一个属于当前用户的文件。',
  'Copy it to a file of its own.': '把它复制成一个独立的文件。',
  'Run "{command}".': '运行 “{command}”。',
  'Run "{command}", or say that it is meant (--force).': '运行 “{command}”；如果是有意为之，加上 --force。',
  'Run sesame as its owner, or name another directory.': '以该目录的所有者身份运行 sesame，或指定其他目录。',
  'Run sesame as that user, with a HOME of your own (sudo -H), or set SESAME_CONFIG_DIR and SESAME_STATE_DIR.':
    '以该用户身份运行 sesame，或使用自己的 HOME（sudo -H），或设置 SESAME_CONFIG_DIR 和 SESAME_STATE_DIR。',
  'Set SESAME_CONFIG_DIR to a directory on another file system.':
    '把 SESAME_CONFIG_DIR 设为其他文件系统上的目录。',
  'The current directory does not exist any more.': '当前目录已不存在。',
  'Change to another directory.': '切换到其他目录。',

  '{path} was open to other users; its mode is {mode} now.':
    '{path} 曾对其他用户开放，现已将权限改为 {mode}。',
  '{path} could be written to by other users; its mode is {mode} now.':
    '{path} 曾可被其他用户写入，现已将权限改为 {mode}。',
  '{path} is open to other users, and its file system is read-only.':
    '{path} 对其他用户开放，而所在的文件系统是只读的。',
  'The file system of {path} keeps no permissions, so other users may read what is there. {elsewhere}':
    '{path} 所在的文件系统不保存权限，其他用户可能会读取其中的内容。{elsewhere}',

  'Waiting for the lock {path}, which does not say whose it is …': '正在等待锁 {path}，其中没有写明持有者……',
  'Waiting for another sesame (process {pid}) …': '正在等待另一个 sesame（进程 {pid}）……',
  'An unknown process holds the lock but is not responding: {path}.': '有未知进程持有锁但没有响应：{path}。',
  'An unknown process still holds the lock {path}.': '有未知进程仍持有锁 {path}。',
  'Another sesame (process {pid} on {host}) holds the lock but is not responding (stopped?): {path}.':
    '另一个 sesame（{host} 上的进程 {pid}）持有锁但没有响应（是否已被暂停？）：{path}。',
  'Resume it (kill -CONT {pid}), or end it there: kill -9 {pid}':
    '在那台主机上恢复它（kill -CONT {pid}），或结束它：kill -9 {pid}',
  'Another sesame (process {pid} on {host}) still works under the lock {path}.':
    '另一个 sesame（{host} 上的进程 {pid}）持有锁 {path}，仍在工作。',
  'Wait until it has finished, then try again.': '等它完成后再试。',
  'Try again in a minute, or delete that file if no sesame is running.':
    '一分钟后再试；如果没有 sesame 在运行，可以删除该文件。',
} as const
