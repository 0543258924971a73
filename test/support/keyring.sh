#!/usr/bin/env bash
# keyring.sh unlocked|locked|no-provider
# Runs a private session bus with gnome-keyring until stdin closes, so that nothing outlives the test that asked.
# Prints what a client needs as NAME=value lines, then READY. A line "unlock" on stdin unlocks again, "lock" locks.
set -euo pipefail
mode=$1
root=$(mktemp -d "${TMPDIR:-/tmp}/keyring.XXXXXX")
bus='' provider=''
finish() {
  # KILL, because a daemon that a test has stopped (SIGSTOP) does not hear TERM.
  [ -z "$bus" ] || kill -KILL "$bus" 2>/dev/null || :
  [ -z "$provider" ] || kill -KILL "$provider" 2>/dev/null || :
  wait 2>/dev/null || :
  rm -rf "$root"
}
trap finish EXIT
mkdir -m 700 "$root/home" "$root/run"
export HOME="$root/home" XDG_RUNTIME_DIR="$root/run" XDG_DATA_HOME="$root/home/.local/share" \
  XDG_CONFIG_HOME="$root/home/.config" XDG_CACHE_HOME="$root/home/.cache" GSETTINGS_BACKEND=memory
unset DISPLAY WAYLAND_DISPLAY GNOME_KEYRING_CONTROL

# No service directories: the bus can start nothing behind our back.
cat >"$root/bus.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=$root/run/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF

# The daemons must not hold our stdin or stdout open: the reader of stdout waits for its end.
coproc BUS { exec dbus-daemon --config-file="$root/bus.conf" --print-address --nofork 2>"$root/bus.log"; }
bus=$BUS_PID
read -r DBUS_SESSION_BUS_ADDRESS <&"${BUS[0]}"
export DBUS_SESSION_BUS_ADDRESS

start_provider() {
  printf keyring-password | gnome-keyring-daemon --foreground --unlock --components=secrets \
    >/dev/null 2>>"$root/provider.log" &
  provider=$!
  gdbus wait --session --timeout 10 org.freedesktop.secrets
}
lock() {
  gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
    --method org.freedesktop.Secret.Service.Lock "['/org/freedesktop/secrets/collection/login']" >/dev/null
}
unlock() {
  # The daemon takes the password only when it starts, so it starts again on the same bus.
  kill -KILL "$provider"
  wait "$provider" 2>/dev/null || :
  start_provider
}

[ "$mode" = no-provider ] || start_provider
[ "$mode" != locked ] || lock
printf '%s\n' "HOME=$HOME" "XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR" "XDG_DATA_HOME=$XDG_DATA_HOME" \
  "XDG_CONFIG_HOME=$XDG_CONFIG_HOME" "XDG_CACHE_HOME=$XDG_CACHE_HOME" "GSETTINGS_BACKEND=$GSETTINGS_BACKEND" \
  "DBUS_SESSION_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS" "PROVIDER_PID=$provider" READY
while read -r command; do
  case $command in
    lock) lock ;;
    unlock) unlock ;;
  esac
  printf '%s\n' "PROVIDER_PID=$provider" READY
done
