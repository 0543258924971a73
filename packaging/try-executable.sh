#!/bin/sh
# Tries a standalone executable on the system that it is for: try-executable.sh EXECUTABLE VERSION. It needs nothing but a POSIX shell,
# and sends no request.

set -eu
case $1 in
  /* | ?:*) executable=$1 ;;
  *) executable=$PWD/$1 ;;
esac
version=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" USERPROFILE="$work" APPDATA="$work" LOCALAPPDATA="$work" XDG_CONFIG_HOME='' XDG_STATE_HOME=''
cd "$work"

# expect WHAT TEXT PATTERN
expect() {
  case $2 in
    $3) printf 'ok  %s\n' "$1" ;;
    *)
      printf 'FAILED  %s: %s\n' "$1" "$2" >&2
      exit 1
      ;;
  esac
}

expect 'version' "$("$executable" version 2>/dev/null)" "$version"
expect 'build' "$("$executable" version --json)" '*"build":"standalone"*"runtime":"Bun"*'
expect 'help' "$("$executable" help)" 'sesame*Commands:*'
expect 'man page' "$("$executable" help --man)" '.TH SESAME 1*'
for shell in bash zsh fish powershell; do
  expect "completion for $shell" "$("$executable" completion "$shell")" '*__complete*'
done
"$executable" configure --profile tried --signin-url https://signin-cn-shanghai.alibabacloudsso.com/tried/login 2>/dev/null
expect 'configuration' "$("$executable" profile list --json)" '*"name":"tried"*'
"$executable" sst create-key --key-file key.yaml 2>/dev/null
"$executable" sst init --db list.db 2>/dev/null
"$executable" sst create --key-file key.yaml someone >token 2>/dev/null
expect 'server-side token' "$("$executable" sst verify --key-file key.yaml --db list.db - <token)" 'someone*'
"$executable" sst revoke --key-file key.yaml --db list.db - <token 2>/dev/null
expect 'revocation' "$("$executable" sst verify --key-file key.yaml --db list.db - <token 2>&1 || true)" '*revoked*'
# What it finds depends on the machine, such as a keychain that there is none of.
expect 'doctor' "$("$executable" doctor --offline --json || true)" '\[{"check":"versions","status":"ok"*standalone*'
