import { expect, test } from 'vitest'
import { hasBrowserHere } from '../../src/terminal/browser.ts'
import { remotePlace } from '../../src/terminal/remote-place.ts'

const nowhere = () => false
const desktop = { DISPLAY: ':0', BROWSER: '/usr/bin/firefox' }

test.each<[Record<string, string>, string]>([
  [{ CODESPACES: 'true' }, 'GitHub Codespaces'],
  [{ GITPOD_WORKSPACE_ID: 'x' }, 'Gitpod'],
  [{ CLOUDSHELL: '1' }, 'Cloud Shell'],
  [{ CLOUD_SHELL: 'true' }, 'Google Cloud Shell'],
  [{ AZUREPS_HOST_ENVIRONMENT: 'cloud-shell/1.0' }, 'Azure Cloud Shell'],
  [{ AWS_EXECUTION_ENV: 'CloudShell' }, 'AWS CloudShell'],
  [{ WSL_DISTRO_NAME: 'Ubuntu' }, 'WSL'],
  [{ JUPYTERHUB_USER: 'ann' }, 'JupyterHub'],
  [{ VSCODE_IPC_HOOK_CLI: '/run/x.sock' }, 'VS Code on a remote machine'],
  [{ VSCODE_IPC_HOOK_CLI: '/run/x.sock', SSH_CONNECTION: 'a b c d' }, 'VS Code on a remote machine'],
  [{ REMOTE_CONTAINERS: 'true' }, 'a dev container'],
  [{ SSH_CONNECTION: 'a b c d' }, 'an SSH session'],
  [{ SSH_TTY: '/dev/pts/1' }, 'an SSH session'],
  [{ REPL_ID: 'x' }, 'Replit'],
])('[case 143] %j is %s: no browser here, whatever BROWSER and DISPLAY say', (env, place) => {
  const edges = { env: { ...desktop, ...env }, platform: 'linux' as const, isTerminal: () => true }
  expect(remotePlace(edges, nowhere)).toBe(place)
  expect(hasBrowserHere(edges)).toBe(false)
})

test.each<[Record<string, string>, string[], string | undefined]>([
  [{ container: 'podman', BROWSER: 'x' }, [], 'a container'],
  [{ BROWSER: 'x' }, ['/.dockerenv'], 'a container'],
  [{}, ['/run/.containerenv'], 'a container'],
  [{ container: 'podman', DISPLAY: ':0' }, ['/.dockerenv'], undefined],
  [{ container: 'flatpak' }, [], undefined],
  [{ container: 'podman', TOOLBOX_PATH: '/usr/bin/toolbox' }, ['/run/.containerenv'], undefined],
  [{ CODESPACES: 'false' }, [], undefined],
  [{ AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE' }, [], undefined],
  [{}, [], undefined],
])('[case 143] %j with the files %j: %s', (env, files, place) => {
  expect(remotePlace({ env, platform: 'linux' }, (path) => files.includes(path))).toBe(place)
})

test('[case 143] a desktop has its browser here', () => {
  expect(hasBrowserHere({ env: desktop, platform: 'linux', isTerminal: () => true })).toBe(true)
  expect(hasBrowserHere({ env: {}, platform: 'darwin', isTerminal: () => true })).toBe(true)
})
