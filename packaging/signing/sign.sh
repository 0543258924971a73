#!/bin/sh
# Signs the program in an archive of a release, and packs it again: sign.sh ARCHIVE. On macOS with a Developer ID, and Apple notarizes
# it, or without secrets ad hoc; on Windows with Authenticode. docs/decisions/signing.md says which secrets it reads, and what happens
# without them.

set -eu
here=$(cd "$(dirname "$0")" && pwd)
directory=$(cd "$(dirname "$1")" && pwd)
archive=$directory/$(basename "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/files"

# A key comes as base64, and lies in a file of its own as long as this takes.
secret_file() {
  (umask 077 && printf '%s' "$1" | openssl base64 -d -A >"$2")
}

sign_for_macos() {
  if [ -z "${MACOS_CERTIFICATE-}" ]; then
    # One identifier and one kind of signature for both processors: `bun build` signs for arm64 only, as a.out.
    codesign --force --sign - --identifier sesame "$1"
    codesign --verify --strict "$1"
    return
  fi
  keychain=$work/signing.keychain-db
  password=$(openssl rand -hex 24)
  secret_file "$MACOS_CERTIFICATE" "$work/certificate.p12"
  security create-keychain -p "$password" "$keychain"
  security unlock-keychain -p "$password" "$keychain"
  security import "$work/certificate.p12" -k "$keychain" -P "$MACOS_CERTIFICATE_PASSWORD" -T /usr/bin/codesign
  security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >"$work/log"
  # The same identifier in every version: by it and the team the keychain knows the program again.
  codesign --force --sign "$MACOS_IDENTITY" --keychain "$keychain" --identifier sesame --options runtime --timestamp \
    --entitlements "$here/entitlements.plist" "$1"
  codesign --verify --strict "$1"
  security delete-keychain "$keychain"
  secret_file "$MACOS_NOTARY_KEY" "$work/notary.p8"
  (cd "$(dirname "$1")" && zip -q "$work/notarize.zip" sesame)
  xcrun notarytool submit "$work/notarize.zip" --wait --key "$work/notary.p8" --key-id "$MACOS_NOTARY_KEY_ID" \
    --issuer "$MACOS_NOTARY_ISSUER"
}

sign_for_windows() {
  secret_file "$WINDOWS_CERTIFICATE" "$work/certificate.pfx"
  signtool sign -fd SHA256 -td SHA256 -tr "$WINDOWS_TIMESTAMP_URL" -f "$work/certificate.pfx" \
    -p "$WINDOWS_CERTIFICATE_PASSWORD" "$1"
  signtool verify -pa "$1"
}

case $archive in
  *.tar.gz) pack=-czf ;;
  *.tar.xz) pack=-cJf ;;
  # bsdtar, which Windows has.
  *.zip) pack=-acf ;;
  *)
    echo "sign.sh: $archive is no archive." >&2
    exit 2
    ;;
esac
tar -xf "$archive" -C "$work/files"
for program in "$work"/files/sesame "$work"/files/*/sesame "$work"/files/sesame.exe "$work"/files/*/sesame.exe; do
  if [ -f "$program" ]; then break; fi
done
case $(basename "$archive") in
  *-darwin-*) sign_for_macos "$program" ;;
  *-windows-*) sign_for_windows "$program" ;;
  *)
    echo "sign.sh: nothing is signed for this system." >&2
    exit 2
    ;;
esac
(cd "$work/files" && tar "$pack" "$work/${archive##*/}" -- *)
mv "$work/${archive##*/}" "$archive"
echo "signed: $archive"
