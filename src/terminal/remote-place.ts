import { existsSync } from 'node:fs'
import { shownWords } from '../kit/index.ts'
import type { Edges } from './streams.ts'

interface Place {
  /** As messages name it. */
  name: string
  /** One of these variables is set there. With `=`, to that. */
  variables: readonly string[]
}

/**
 * Places where a program runs on one machine and the user's browser on another: an address on 127.0.0.1 does not lead from one to
 * the other. The particular before the general, as most of them are a container or an SSH session, too.
 */
const places: readonly Place[] = [
  { name: 'GitHub Codespaces', variables: ['CODESPACES', 'CODESPACE_NAME'] },
  { name: 'Gitpod', variables: ['GITPOD_WORKSPACE_ID', 'GITPOD_WORKSPACE_URL'] },
  { name: 'Google Cloud Shell', variables: ['CLOUD_SHELL', 'GOOGLE_CLOUD_SHELL', 'DEVSHELL_GCLOUD_CONFIG'] },
  { name: 'Azure Cloud Shell', variables: ['AZUREPS_HOST_ENVIRONMENT', 'ACC_CLOUD'] },
  { name: 'AWS CloudShell', variables: ['AWS_EXECUTION_ENV=CloudShell'] },
  { name: 'Cloud Shell', variables: ['CLOUDSHELL', 'CLOUDSHELL_ENVIRONMENT', 'ALIYUN_CLOUDSHELL'] },
  { name: 'JupyterHub', variables: ['JUPYTERHUB_USER', 'JUPYTERHUB_API_URL', 'JUPYTERHUB_SERVICE_PREFIX'] },
  { name: 'Colab', variables: ['COLAB_RELEASE_TAG', 'COLAB_GPU'] },
  { name: 'Kaggle', variables: ['KAGGLE_KERNEL_RUN_TYPE'] },
  { name: 'Replit', variables: ['REPL_ID', 'REPLIT_ENVIRONMENT'] },
  { name: 'Coder', variables: ['CODER', 'CODER_WORKSPACE_NAME'] },
  { name: 'Dev Spaces', variables: ['CHE_WORKSPACE_ID', 'DEVWORKSPACE_ID'] },
  { name: 'Cloud9', variables: ['C9_USER', 'C9_PID'] },
  { name: 'Project IDX', variables: ['IDX_CHANNEL', 'WORKSPACE_SLUG'] },
  { name: 'a dev container', variables: ['REMOTE_CONTAINERS', 'REMOTE_CONTAINERS_IPC', 'DEVCONTAINER'] },
  { name: 'VS Code on a remote machine', variables: ['VSCODE_IPC_HOOK_CLI', 'VSCODE_PROXY_URI'] },
  { name: 'an SSH session', variables: ['SSH_CONNECTION', 'SSH_TTY', 'SSH_CLIENT'] },
  { name: 'WSL', variables: ['WSL_DISTRO_NAME', 'WSL_INTEROP'] },
  { name: 'a Kubernetes pod', variables: ['KUBERNETES_SERVICE_HOST'] },
]

/** What tells that this is a container. Those of Flatpak, Toolbx and Distrobox share the network of their machine. */
const containers = new Set(['docker', 'podman', 'lxc', 'oci', 'systemd-nspawn', 'kube'])
const containerFiles = ['/.dockerenv', '/run/.containerenv']
const sharedNetwork = ['DISTROBOX_ENTER_PATH', 'TOOLBOX_PATH', 'FLATPAK_ID']

/** Whether ports of such a place may be forwarded to the machine of the browser: of a container only those that were published before. */
export function mayForwardPorts(place: string | undefined): boolean {
  return place !== undefined && place !== 'a container' && place !== 'a Kubernetes pod'
}

/** Where this runs, if the user's browser is likely to run elsewhere, as in `WSL`, `GitHub Codespaces`; else undefined. */
export function remotePlace(
  { env, platform }: Pick<Edges, 'env' | 'platform'>,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  const isSet = (variable: string) => {
    const [name = '', wanted] = variable.split('=')
    const value = env[name]
    return wanted === undefined ? Boolean(value) && !/^(?:0|false|no)$/i.test(value ?? '') : value === wanted
  }
  const known = places.find(({ variables }) => variables.some(isSet))
  if (known !== undefined) return known.name
  if (platform !== 'linux' || sharedNetwork.some(isSet)) return undefined
  // A container with a display has its browser with it.
  if (env.DISPLAY || env.WAYLAND_DISPLAY) return undefined
  return containers.has(env.container ?? '') || containerFiles.some(exists) ? 'a container' : undefined
}

/** A remote place as messages name it, in the user's language. */
export function placeName(place: string): string {
  return shownWords(place, [
    'a container',
    'a dev container',
    'a Kubernetes pod',
    'an SSH session',
    'VS Code on a remote machine',
  ])
}
