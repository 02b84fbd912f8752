import { AGENT_SERVICES } from "./agent-services.ts";
import { quoted } from "./quoted.ts";

/**
 * The script that installs, upgrades or removes the agent on a Docker host, for any POSIX sh, also by a pipe: nothing runs before all of it
 * has arrived. `pulseUrl`: where the host reaches this server, unless its `--url` says otherwise.
 */
export function toAgentScript(pulseUrl: string): string {
  return TEMPLATE.replace("@SERVICES@", () => AGENT_SERVICES).replace("@PULSE_URL@", () => quoted(pulseUrl));
}

const TEMPLATE = String.raw`#!/bin/sh
# Installs, upgrades or removes the agent by which Pulse sees this Docker host. For systemd, OpenRC, or without either.
set -eu
LC_ALL=C
export LC_ALL

DEFAULT_URL=@PULSE_URL@
NAME=pulse-docker-agent

usage() {
  cat <<'END'
Usage: install-docker-agent.sh [options]

  --url URL          where Pulse is; by default where this script came from
  --token TOKEN      an API token of Pulse that may report (scope "agent"); PULSE_TOKEN in the environment does as well
  --target URL|TOKEN a further Pulse to report to; as often as there are. URL|TOKEN|insecure takes any certificate
  --interval TIME    from one report to the next: 30s (by default), 1m
  --agent-id ID      what the host is known by; made by chance by default
  --insecure         take any certificate of Pulse
  --uninstall        remove the agent and its settings
  --root DIR         install below DIR, for images: nothing is started (PULSE_AGENT_ROOT does as well)
  --init KIND        systemd, openrc or none; found out by default
  --arch ARCH        amd64 or arm64; of this machine by default

What is left out on an upgrade stays as it is.
END
}

say() {
  printf '%s\n' "$1"
}

fail() {
  printf 'Error: %s\n' "$1" >&2
  exit 1
}

has() {
  command -v "$1" >/dev/null 2>&1
}

read_options() {
  URL='' TOKEN="@{PULSE_TOKEN:-}" TARGETS='' AGENT_ID='' INTERVAL='' INSECURE='' ACTION=install INIT='' ARCH='' ROOT="@{PULSE_AGENT_ROOT:-}"
  while [ $# -gt 0 ]; do
    option=$1
    shift
    case $option in
      --insecure) INSECURE=true ;;
      --uninstall) ACTION=uninstall ;;
      -h | --help)
        usage
        exit 0
        ;;
      --url | --token | --target | --agent-id | --interval | --root | --init | --arch)
        [ $# -gt 0 ] || fail "$option needs a value"
        case $option in
          --url) URL=$1 ;;
          --token) TOKEN=$1 ;;
          --target) TARGETS="@{TARGETS:+$TARGETS;}$1" ;;
          --agent-id) AGENT_ID=$1 ;;
          --interval) INTERVAL=$1 ;;
          --root) ROOT=$1 ;;
          --init) INIT=$1 ;;
          --arch) ARCH=$1 ;;
        esac
        shift
        ;;
      *) fail "unknown option \"$option\"; --help tells which there are" ;;
    esac
  done
}

# The settings are read by shells and by systemd alike: what neither takes for itself will do, and nothing else.
check_options() {
  for value in "$URL" "$TOKEN" "$TARGETS" "$AGENT_ID"; do
    case $value in
      *[!A-Za-z0-9._~:/?@%+=,\;\|\[\]-]*) fail 'an address, token or id has characters that none has' ;;
    esac
  done
  case $URL in
    '' | http://?* | https://?*) ;;
    *) fail "--url: \"$URL\" is no address such as http://pulse:7655" ;;
  esac
  case $INTERVAL in
    *[!0-9hms]*) fail "--interval: \"$INTERVAL\" is no time such as 30s" ;;
  esac
  case $INIT in
    '' | systemd | openrc | none) ;;
    *) fail "--init: \"$INIT\" is none of systemd, openrc, none" ;;
  esac
  case $ROOT in
    '' | /*) ROOT=@{ROOT%/} ;;
    *) fail "--root: \"$ROOT\" does not begin with /" ;;
  esac
  [ -n "$ROOT" ] || [ "$(id -u)" -eq 0 ] || fail 'this needs root: sudo sh'
}

find_places() {
  if [ -z "$INIT" ]; then
    if [ -d "$ROOT/run/systemd/system" ] || { [ -n "$ROOT" ] && [ -d "$ROOT/etc/systemd/system" ]; }; then
      INIT=systemd
    elif [ -x "$ROOT/sbin/openrc-run" ]; then
      INIT=openrc
    else
      INIT=none
    fi
  fi
  PROGRAM=$ROOT/usr/local/bin/$NAME
  FOLDER=$ROOT/etc/$NAME
  SETTINGS=$FOLDER/agent.env
  UNIT=$ROOT/etc/systemd/system/$NAME.service
  WANTED=$ROOT/etc/systemd/system/multi-user.target.wants/$NAME.service
  RC=$ROOT/etc/init.d/$NAME
  STARTER=$FOLDER/start
  PID_FILE=$ROOT/run/$NAME.pid
  STATE=$ROOT/var/lib/$NAME
  # Where systemd keeps the state of a user that comes and goes.
  PRIVATE_STATE=$ROOT/var/lib/private/$NAME
}

find_arch() {
  foreign=$ARCH
  case @{ARCH:-$(uname -m)} in
    amd64 | x86_64) ARCH=amd64 ;;
    arm64 | aarch64) ARCH=arm64 ;;
    *) fail "there is no agent for \"@{ARCH:-$(uname -m)}\": it is built for amd64 and arm64" ;;
  esac
}

# The value of a setting that is kept already; nothing when there is none.
kept() {
  [ -r "$SETTINGS" ] || return 0
  sed -n "s/^$1='\(.*\)'\$/\1/p" "$SETTINGS" | head -n 1
}

# What is not given stays as it was; what never was is the default, or asked for.
complete_settings() {
  [ -n "$URL" ] || URL=$(kept PULSE_URL)
  [ -n "$URL" ] || URL=$DEFAULT_URL
  URL=@{URL%/}
  [ -n "$TOKEN" ] || TOKEN=$(kept PULSE_TOKEN)
  [ -n "$TARGETS" ] || TARGETS=$(kept PULSE_TARGETS)
  [ -n "$AGENT_ID" ] || AGENT_ID=$(kept PULSE_AGENT_ID)
  [ -n "$INTERVAL" ] || INTERVAL=$(kept PULSE_INTERVAL)
  [ -n "$INTERVAL" ] || INTERVAL=30s
  [ -n "$INSECURE" ] || INSECURE=$(kept PULSE_INSECURE_SKIP_VERIFY)
  if [ -z "$TOKEN" ] && { : </dev/tty; } 2>/dev/null; then
    printf 'API token of Pulse (it may need no more than the scope "agent"): ' >/dev/tty
    IFS= read -r TOKEN </dev/tty || TOKEN=''
    check_options
  fi
  [ -n "$TOKEN" ] || fail '--token is missing: make one in Pulse, under Settings, Docker agents'
}

# fetch ADDRESS FILE
fetch() {
  if has curl; then
    # Half as much to transfer, where curl can unpack it.
    unpack=''
    if curl -V | grep -q libz; then unpack=yes; fi
    curl -fsSL --connect-timeout 20 --retry 2 @{unpack:+--compressed} @{INSECURE:+-k} -o "$2" "$1"
  elif has wget; then
    wget -q @{INSECURE:+--no-check-certificate} -O "$2" "$1"
  else
    fail 'neither curl nor wget is here'
  fi
}

checksum_of() {
  if has sha256sum; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  elif has openssl; then
    openssl dgst -sha256 "$1" | sed 's/^.* //'
  else
    fail 'none of sha256sum, shasum and openssl is here: the download cannot be checked'
  fi
}

# Gets the agent beside its place, and puts it there only when it is whole and runs. CHANGED tells whether it is another than before.
place_program() {
  mkdir -p "@{PROGRAM%/*}"
  NEW=$PROGRAM.new.$$
  trap 'rm -f "$NEW" "$NEW.sha256"' EXIT
  trap 'exit 1' HUP INT TERM
  fetch "$URL/download/$NAME.sha256?arch=$ARCH" "$NEW.sha256" || fail "no checksum of the agent to be had from $URL"
  expected=$(cut -d ' ' -f 1 "$NEW.sha256")
  CHANGED=no
  if [ -f "$PROGRAM" ] && [ "$(checksum_of "$PROGRAM")" = "$expected" ]; then
    say "The agent is the present one already: $PROGRAM"
    return 0
  fi
  fetch "$URL/download/$NAME?arch=$ARCH" "$NEW" || fail "the agent could not be had from $URL"
  found=$(checksum_of "$NEW")
  [ "$found" = "$expected" ] || fail "the agent that came is not the one that Pulse has (SHA-256 $found, not $expected): nothing was changed"
  chmod 755 "$NEW"
  if [ -z "$foreign" ]; then
    version=$("$NEW" --version 2>/dev/null) || fail 'the agent does not run on this machine: nothing was changed'
    version=$(printf '%s' "$version" | head -n 1)
  else
    version="linux-$ARCH"
  fi
  mv -f "$NEW" "$PROGRAM"
  CHANGED=yes
  say "Installed the agent, $version: $PROGRAM"
}

write_settings() {
  mkdir -p "$FOLDER"
  chmod 755 "$FOLDER"
  (
    umask 077
    {
      say "PULSE_URL='$URL'"
      say "PULSE_TOKEN='$TOKEN'"
      say "PULSE_INTERVAL='$INTERVAL'"
      [ -z "$TARGETS" ] || say "PULSE_TARGETS='$TARGETS'"
      [ -z "$AGENT_ID" ] || say "PULSE_AGENT_ID='$AGENT_ID'"
      [ "$INSECURE" != true ] || say "PULSE_INSECURE_SKIP_VERIFY='true'"
      # What somebody added stays, such as DOCKER_HOST.
      [ ! -f "$SETTINGS" ] || grep -v -E '^PULSE_(URL|TOKEN|INTERVAL|TARGETS|AGENT_ID|INSECURE_SKIP_VERIFY)=' "$SETTINGS" || true
    } >"$SETTINGS.new"
  )
  if [ -f "$SETTINGS" ] && cmp -s "$SETTINGS" "$SETTINGS.new"; then
    rm -f "$SETTINGS.new"
  else
    mv -f "$SETTINGS.new" "$SETTINGS"
    CHANGED=yes
    say "Wrote its settings, which only root may read: $SETTINGS"
  fi
}

@SERVICES@

install_agent() {
  find_arch
  complete_settings
  GROUP=$(socket_group)
  if [ -z "$GROUP" ] && [ "$INIT" != none ]; then
    say 'Note: only root may use the socket of the engine: the agent runs as root'
  fi
  place_program
  write_settings
  case $INIT in
    systemd) write_unit ;;
    openrc) write_rc ;;
    none) write_starter ;;
  esac
  start_service
  say "It reports to $URL every $INTERVAL"
}

uninstall_agent() {
  if [ ! -e "$PROGRAM" ] && [ ! -e "$FOLDER" ] && [ ! -e "$UNIT" ] && [ ! -e "$RC" ]; then
    say 'The agent is not installed'
    return 0
  fi
  stop_service
  rm -f "$UNIT" "$WANTED" "$RC" "$PROGRAM"
  rm -rf "$FOLDER" "$STATE" "$PRIVATE_STATE"
  if [ -z "$ROOT" ] && has systemctl && [ "$INIT" = systemd ]; then
    systemctl daemon-reload
  fi
  say 'Removed the agent and its settings. Pulse shows the host as offline until it is removed there, too'
}

main() {
  read_options "$@"
  check_options
  find_places
  if [ "$ACTION" = uninstall ]; then
    uninstall_agent
  else
    install_agent
  fi
}

main "$@"
`.replaceAll("@{", "${");
