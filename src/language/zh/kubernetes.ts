/** Kubernetes: `token get --format exec-credential`, `configure --for kubectl`. */
export const kubernetes = {
  'KUBERNETES_EXEC_INFO holds no ExecCredential.': 'KUBERNETES_EXEC_INFO 的内容不是 ExecCredential。',
  'kubectl sets it when it starts sesame; elsewhere, unset it.':
    '它由 kubectl 在启动 sesame 时设置；在其他地方请取消设置。',
  'KUBERNETES_EXEC_INFO asks for {version}, which is not known.':
    'KUBERNETES_EXEC_INFO 要求的版本 {version} 不受支持。',
  'Set apiVersion in the exec section of the kubeconfig to {version}.':
    '请把 kubeconfig 中 exec 部分的 apiVersion 设为 {version}。',
  'The kubeconfig is not readable YAML of one kubeconfig.':
    '无法读取 kubeconfig：内容不是单个 kubeconfig 的 YAML。',
  'Fix the file, or add --print and put the user there by hand.':
    '请修正该文件，或者加 --print，再手动把用户写进去。',
  'For the current cluster: kubectl config set-context --current --user={user}':
    '用于当前集群：kubectl config set-context --current --user={user}',
  'The API server must trust it: --oidc-issuer-url={issuer} --oidc-client-id={client}':
    'API server 必须信任该身份提供商：--oidc-issuer-url={issuer} --oidc-client-id={client}',
  'Renews: yes, while the sign-in is valid; then: {command}':
    '自动续期：登录有效期间会续期；之后请运行：{command}',
  'On disk: no secrets.': '磁盘上：没有任何密钥。',
  'User {name} is as it should be: {path}': '用户 {name} 已经配置正确：{path}',
  'The former file: {path}. Delete it when all works: it may hold secrets.':
    '原来的文件：{path}。确认一切正常后请删除，其中可能含有密钥。',
  'User {name} takes its token from sesame: {path}': '用户 {name} 现在从 sesame 获取令牌：{path}',
  '{path} has a user {name} of its own. Replace it?': '{path} 中已有另外的用户 {name}。要替换吗？',
  '{path} has a user {name} of its own; it stays as it is.': '{path} 中已有另外的用户 {name}；保持不变。',
  'Add --overwrite to replace it (the former file is kept beside it), or name another with --profile.':
    '加 --overwrite 可以替换它（原来的文件会保留在旁边），或者用 --profile 指定另一个名称。',
  'Profile {profile} gives no identity token.': '配置 {profile} 不提供身份令牌。',
  'It takes a profile of the OIDC provider that the cluster trusts: {command}':
    '需要一个使用集群所信任的 OIDC 身份提供商的配置：{command}',
} as const
