#!/bin/sh
# Installs the standalone executable of sesame for one user; no root is needed.
#
#   curl -fsSL ADDRESS/latest/download/install.sh | sh
#   wget -qO- ADDRESS/latest/download/install.sh | sh
#
# With options: … | sh -s -- --version 1.2.3. "--help" names them.

# Where releases are. This is the one place of the repository that says it: the Homebrew formula and the Scoop manifest are made from
# this line, and SESAME_DOWNLOAD_URL takes its place. Below it, as code hosts lay releases out:
#   ADDRESS/latest/download/SHA256SUMS
#   ADDRESS/download/vVERSION/SHA256SUMS, sesame-VERSION-TARGET.tar.gz and .tar.xz, install.sh
download_url=''

set -u

program='bin/sesame'
manual='share/man/man1/sesame.1'
bash_completion='share/bash-completion/completions/sesame'
zsh_completion='share/zsh/site-functions/_sesame'
fish_completion='share/fish/vendor_completions.d/sesame.fish'
# Says what this script put there: the version, and the checksum of the program.
receipt='share/sesame/installed'

usage() {
  cat <<'END'
Usage: install.sh [--version VERSION] [--prefix DIRECTORY] [--target TARGET] [--force]
       install.sh --uninstall [--prefix DIRECTORY]

  --version VERSION   install this version (default: the newest)
  --prefix DIRECTORY  install below this directory (default: ~/.local)
  --target TARGET     the build to install, such as linux-x64-musl (default: the one for this machine)
  --force             replace another program named sesame
  --uninstall         remove what was installed; configuration and sign-ins stay

Environment: SESAME_DOWNLOAD_URL, where releases are; HTTPS_PROXY and others as curl and wget read them.
END
}

say() { printf '%s\n' "$@"; }

fail() {
  printf 'install.sh: %s\n' "$@" >&2
  exit 1
}

wrong_usage() {
  printf 'install.sh: %s\n' "$1" 'See "install.sh --help".' >&2
  exit 2
}

have() { command -v "$1" >/dev/null 2>&1; }

# A word for a shell, as it can be copied.
quote() {
  case $1 in
    '' | *[!A-Za-z0-9_./:@%+=,-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '%s' "$1" ;;
  esac
}

# Everything begins at the last line, so that half of a script that was downloaded does nothing.
main() {
  version='' prefix='' target='' force='' uninstall='' work='' child='' staged=''
  read_options "$@"
  choose_prefix
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  trap 'exit 141' PIPE
  check_tools
  if [ -n "$uninstall" ]; then
    remove
  else
    choose_address
    [ -n "$target" ] || find_target
    refuse_foreign
    make_work
    download
    unpack
    check_start
    put_in_place
    report
  fi
}

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --version=* | --prefix=* | --target=*)
        [ -n "${1#*=}" ] || wrong_usage "${1%%=*} needs a value."
        set_option "${1%%=*}" "${1#*=}"
        ;;
      --version | --prefix | --target)
        [ -n "${2-}" ] || wrong_usage "$1 needs a value."
        set_option "$1" "$2"
        shift
        ;;
      --uninstall) uninstall=yes ;;
      --force) force=yes ;;
      --help | -h)
        usage
        exit 0
        ;;
      *) wrong_usage "There is no option $1." ;;
    esac
    shift
  done
}

set_option() {
  case $1 in
    --version)
      version=${2#v}
      is_version "$version" || wrong_usage "$2 is no version."
      ;;
    --prefix) prefix=$2 ;;
    --target)
      target=$2
      case $target in *[!a-z0-9-]*) wrong_usage "$2 is no target." ;; esac
      ;;
  esac
}

is_version() {
  case $1 in
    *[!0-9A-Za-z.+-]* | *..*) return 1 ;;
    [0-9]*.[0-9]*.[0-9]*) return 0 ;;
    *) return 1 ;;
  esac
}

choose_prefix() {
  if [ -z "$prefix" ]; then
    [ -n "${HOME-}" ] || fail 'HOME is not set.' 'Name a directory with --prefix.'
    prefix=$HOME/.local
  fi
  case $prefix in
    # No shell expands it behind an equals sign.
    '~/'*) prefix=${HOME-}/${prefix#'~/'} ;;
    /*) ;;
    *) prefix=$(pwd)/$prefix ;;
  esac
  while [ "$prefix" != "${prefix%/}" ]; do prefix=${prefix%/}; done
}

choose_address() {
  address=${SESAME_DOWNLOAD_URL:-$download_url}
  while [ "$address" != "${address%/}" ]; do address=${address%/}; done
  [ -n "$address" ] || fail 'It is not known where releases of sesame are.' 'Set SESAME_DOWNLOAD_URL to their address.'
  # Anything else has a meaning in an address that could lead elsewhere than it seems.
  case $address in
    *[!][A-Za-z0-9:/._~%+=,-]*) fail "$address has characters that do not belong into an address of releases." ;;
  esac
  is_safe "$address" || fail "$address is not https."
  case $address in
    https:*) protocols='=https' ;;
    *) protocols='=http,https' ;;
  esac
}

# Encrypted, or it does not leave this machine.
is_safe() {
  case $1/ in
    https://* | http://127.0.0.1[:/]* | http://localhost[:/]* | 'http://[::1]'[:/]*) return 0 ;;
    *) return 1 ;;
  esac
}

find_target() {
  case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=darwin ;;
    MINGW* | MSYS* | CYGWIN* | Windows_NT) fail 'On Windows install sesame with Scoop, or unpack its .zip.' ;;
    *) no_build "$(uname -s)" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) processor=x64 ;;
    aarch64 | arm64) processor=arm64 ;;
    *) no_build "$(uname -s) on $(uname -m)" ;;
  esac
  target=$system-$processor
  if [ "$system" = darwin ]; then
    # A shell that is translated sees another processor.
    if [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ]; then target=darwin-arm64; fi
    return
  fi
  # A 64-bit kernel below 32-bit programs.
  if [ "$(getconf LONG_BIT 2>/dev/null)" = 32 ]; then no_build "32-bit $(uname -s)"; fi
  if is_musl; then target=$target-musl; fi
  if [ "$processor" = x64 ] && [ -r /proc/cpuinfo ] && ! grep -q '[[:space:]]avx2\([[:space:]]\|$\)' /proc/cpuinfo; then
    target=$target-baseline
  fi
}

no_build() {
  fail "There is no standalone executable for $1." 'With Node.js 20.18.1 or newer: npm install -g sesame-sso'
}

# What ldd says of itself comes first: a system with one C library may have the loader of the other for some programs.
is_musl() {
  case $(ldd --version 2>&1 </dev/null) in
    *musl*) return 0 ;;
    *GLIBC* | *GNU*) return 1 ;;
  esac
  for loader in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1 /lib/ld-musl-*.so.1; do
    if [ -e "$loader" ]; then break; fi
  done
  case $loader in *'/ld-musl-'[!*]*) return 0 ;; *) return 1 ;; esac
}

check_tools() {
  have sha256sum || have shasum || have openssl ||
    fail 'Nothing here computes checksums: install sha256sum, shasum or openssl.'
}

checksum_of() {
  if have sha256sum; then
    sha256sum <"$1"
  elif have shasum; then
    shasum -a 256 <"$1"
  else
    openssl dgst -sha256 -r <"$1"
  fi | awk '{ print $1 }'
}

# True for a program that this script has put there.
is_ours() {
  [ -f "$prefix/$receipt" ] && [ -f "$prefix/$program" ] &&
    grep -q "^program $(checksum_of "$prefix/$program")\$" "$prefix/$receipt"
}

refuse_foreign() {
  former=''
  if [ -d "$prefix/$program" ]; then fail "$prefix/$program is a directory."; fi
  if [ -f "$prefix/$receipt" ]; then former=$(sed -n 's/^version //p' "$prefix/$receipt"); fi
  if [ ! -e "$prefix/$program" ] && [ ! -h "$prefix/$program" ]; then return; fi
  if is_ours; then return; fi
  former=''
  [ -n "$force" ] || fail "$prefix/$program is another program, which this script did not install. Nothing was changed." \
    'Remove it, choose another --prefix, or replace it with --force.'
  say "Replacing $prefix/$program, which this script did not install."
}

# Beside the place of the result, so that the last step is a renaming. The nearest directory that exists: nothing is made before all is
# checked.
make_work() {
  near=$prefix
  while [ ! -d "$near" ]; do
    near=$(dirname "$near")
  done
  work=$near/.sesame-install.$$
  (umask 077 && mkdir "$work") 2>/dev/null || {
    work=''
    fail "Nothing can be written in $near." 'Choose another directory with --prefix.'
  }
}

clean_up() {
  if [ -n "$child" ]; then kill "$child" 2>/dev/null; fi
  if [ -n "$work" ]; then rm -rf "$work"; fi
  if [ -n "$staged" ]; then rm -f "$staged"; fi
}

# In the background: a shell answers no signal while it waits for a program in front.
in_background() {
  "$@" </dev/null &
  child=$!
  wait "$child"
  status=$?
  child=''
  return "$status"
}

# fetch ADDRESS FILE; how far a large one is can be seen on a terminal.
fetch() {
  if have curl; then
    look=-sS
    if [ -t 2 ] && [ "$2" != "$sums" ]; then look=-#; fi
    in_background curl -fL "$look" --proto "$protocols" --proto-redir "$protocols" --tlsv1.2 --connect-timeout 30 \
      --speed-limit 1 --speed-time 60 -o "$2" -w '%{url_effective}\n' "$1" >"$work/reached" || not_fetched "$1"
  elif have wget; then
    limits='-t 3 -T 60'
    if wget --help 2>&1 | grep -q BusyBox; then limits=''; fi
    # shellcheck disable=SC2086 # four words, or none
    in_background wget -S $limits -O "$2" "$1" 2>"$work/wget.log" || {
      grep -v '^ ' "$work/wget.log" | tail -n 2 >&2
      not_fetched "$1"
    }
    sed -n 's/^ *[Ll]ocation: *\([A-Za-z]*:[^ ]*\).*/\1/p' "$work/wget.log" >"$work/reached"
    case $1 in
      https:*) if grep -qi 'validation not implemented' "$work/wget.log"; then fail 'This wget checks no certificates.' 'Install curl.'; fi ;;
    esac
  else
    fail 'Nothing here downloads files: install curl or wget.'
  fi
  while read -r reached; do
    is_safe "$reached" || fail "The server leads to $reached, which is not https. Nothing was changed."
  done <"$work/reached"
}

not_fetched() {
  fail "$1 cannot be downloaded. Nothing was changed."
}

download() {
  sums=$work/SHA256SUMS
  if [ -n "$version" ]; then
    fetch "$address/download/v$version/SHA256SUMS" "$sums"
  else
    fetch "$address/latest/download/SHA256SUMS" "$sums"
  fi
  find_archive
  archive=$work/$file
  fetch "$address/download/v$version/$file" "$archive"
  found=$(checksum_of "$archive")
  [ "$found" = "$sum" ] || fail "The checksum of $file is $found, not $sum. Nothing was changed."
}

# The file for the target that can be unpacked here, its checksum, and the version that it is of.
find_archive() {
  suffixes='.tar.gz'
  # Smaller; GNU tar needs another program for it.
  if have xz || tar --version 2>/dev/null | grep -q bsdtar; then suffixes='.tar.xz .tar.gz'; fi
  for suffix in $suffixes; do
    line=$(awk -v version="$version" -v tail="-$target$suffix" '
      { sub(/\r$/, ""); name = $2; sub(/^\*/, "", name); middle = length(name) - length("sesame-") - length(tail) }
      NF != 2 || length($1) != 64 || $1 ~ /[^0-9a-fA-F]/ || middle < 1 { next }
      name == "sesame-" substr(name, 8, middle) tail && (version == "" || substr(name, 8, middle) == version) {
        print tolower($1), substr(name, 8, middle)
      }' "$sums")
    case $line in
      '') continue ;;
      *"
"*) fail "SHA256SUMS names several archives for $target." 'Choose one with --version.' ;;
    esac
    sum=${line%% *}
    version=${line#* }
    is_version "$version" || fail "SHA256SUMS names $version, which is no version."
    file=sesame-$version-$target$suffix
    return
  done
  fail "There is no checksum of an archive for $target in SHA256SUMS. Nothing was changed."
}

unpack() {
  mkdir "$work/files"
  case $file in
    *.tar.xz) flags=-xJof ;;
    *) flags=-xzof ;;
  esac
  in_background tar "$flags" "$archive" -C "$work/files" || fail "$file cannot be unpacked. Nothing was changed."
  rm -f "$archive"
  for fresh in "$work"/files/sesame "$work"/files/*/sesame "$work"/files/bin/sesame "$work"/files/*/bin/sesame \
    "$work/files/sesame-$version-$target" "$work"/files/*/"sesame-$version-$target"; do
    if [ -f "$fresh" ] && [ ! -h "$fresh" ]; then return; fi
  done
  fail "There is no program in $file. Nothing was changed."
}

check_start() {
  chmod 755 "$fresh"
  said=$("$fresh" version 2>"$work/errors" </dev/null)
  if [ "${said%%
*}" = "$version" ]; then return; fi
  head -n 3 "$work/errors" >&2
  hint='With Node.js 20.18.1 or newer: npm install -g sesame-sso'
  case $target in *-musl*) hint='It needs the C++ library of the system: apk add libstdc++' ;; esac
  fail "The program for $target does not start here. Nothing was changed." "$hint"
}

# place FILE NAME MODE: whole or not at all.
place() {
  mkdir -p "$(dirname "$prefix/$2")" && [ ! -d "$prefix/$2" ] || return 1
  staged=$(dirname "$prefix/$2")/.sesame-new.$$
  cp "$1" "$staged" && chmod "$3" "$staged" && mv -f "$staged" "$prefix/$2" || return 1
  staged=''
}

put_in_place() {
  mkdir -p "$prefix/bin" || fail "$prefix/bin cannot be made."
  sum=$(checksum_of "$fresh")
  # Both programs are ours until the new one has taken the place of the old one.
  { [ -z "$former" ] || sed -n 's/^program /program /p' "$prefix/$receipt"; printf 'program %s\n' "$sum"; } >"$work/receipt"
  printf 'version %s\n' "${former:-$version}" >>"$work/receipt"
  if ! place "$work/receipt" "$receipt" 644 || ! place "$fresh" "$program" 755; then
    if [ -z "$former" ]; then rm -f "$prefix/$receipt"; fi
    fail "$prefix cannot be written. The program was not changed."
  fi
  printf 'version %s\nprogram %s\n' "$version" "$sum" >"$work/receipt"
  place "$work/receipt" "$receipt" 644
  installed="  $prefix/$program"
  for page in "$work"/files/sesame.1 "$work"/files/*/sesame.1 "$work"/files/*/*/man1/sesame.1; do
    if [ -f "$page" ]; then break; fi
  done
  if [ ! -f "$page" ]; then page=''; fi
  add "$manual" "$page" help --man
  add "$bash_completion" '' completion bash
  add "$zsh_completion" '' completion zsh
  add "$fish_completion" '' completion fish
}

# add NAME FILE WORD…: a file that comes along, or what the program prints at these words.
add() {
  name=$1 text=$2
  shift 2
  if [ -z "$text" ]; then
    text=$work/text
    "$prefix/$program" "$@" >"$text" 2>"$work/errors" </dev/null || : >"$text"
  fi
  if [ -s "$text" ] && place "$text" "$name" 644; then
    installed="$installed
  $prefix/$name"
  else
    printf 'install.sh: %s was not installed.\n' "$prefix/$name" >&2
  fi
}

report() {
  if [ -n "$former" ] && [ "$former" != "$version" ]; then
    say "sesame $version ($target) is installed in the place of $former:"
  else
    say "sesame $version ($target) is installed:"
  fi
  say "$installed"
  case :${PATH-}: in
    *":$prefix/bin:"*) first=$(command -v sesame) ;;
    *)
      first=''
      say '' "Its directory is not in your PATH. Add it, and open a new shell:"
      say "  $(path_line)"
      ;;
  esac
  if [ -n "$first" ] && [ "$first" != "$prefix/$program" ]; then
    say '' "\"sesame\" is another program in your PATH, $first, which comes first."
  fi
  case ${SHELL-} in
    */zsh) say '' 'For its completion, before compinit in ~/.zshrc:' "  fpath=($(quote "$prefix/${zsh_completion%/*}") \$fpath)" ;;
  esac
  say '' 'Begin with: sesame help' "Remove it with: curl -fsSL $address/latest/download/install.sh | sh -s -- --uninstall$(prefix_words)"
}

prefix_words() {
  if [ "$prefix" != "${HOME-}/.local" ]; then printf ' --prefix %s' "$(quote "$prefix")"; fi
}

# The line that puts the directory into the PATH of the user's shell for good.
path_line() {
  line="export PATH=$(quote "$prefix/bin"):\$PATH"
  case ${SHELL-} in
    */fish)
      printf "fish_add_path '%s'" "$(printf '%s' "$prefix/bin" | sed "s/[\\\\']/\\\\&/g")"
      return
      ;;
    */zsh) rc='~/.zshrc' ;;
    */bash)
      rc='~/.bashrc'
      # A terminal of macOS opens login shells.
      case $target in darwin-*) rc='~/.bash_profile' ;; esac
      ;;
    */csh | */tcsh)
      rc='~/.cshrc'
      line="setenv PATH $(quote "$prefix/bin"):\$PATH"
      ;;
    *) rc='~/.profile' ;;
  esac
  printf "printf '%%s\\\\n' %s >> %s" "$(quote "$line")" "$rc"
}

remove() {
  if [ ! -f "$prefix/$receipt" ]; then
    fail "This script has installed nothing in $prefix. Nothing was changed." 'Another directory is named with --prefix.'
  fi
  removed=''
  if is_ours; then
    rm -f "$prefix/$program" || fail "$prefix/$program cannot be removed."
    removed="  $prefix/$program"
  elif [ -e "$prefix/$program" ]; then
    say "$prefix/$program is another program by now and stays."
  fi
  for name in "$manual" "$bash_completion" "$zsh_completion" "$fish_completion" "$receipt"; do
    if [ ! -e "$prefix/$name" ]; then continue; fi
    rm -f "$prefix/$name" || fail "$prefix/$name cannot be removed."
    removed="$removed${removed:+
}  $prefix/$name"
  done
  rmdir "$prefix/share/sesame" 2>/dev/null
  say 'Removed:' "$removed" '' 'Configuration and sign-ins stay: to end these, run "sesame logout --all" before.'
}

main "$@"
