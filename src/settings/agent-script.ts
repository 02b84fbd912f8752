import { quoted } from "./quoted.ts";

/**
 * The script that installs, upgrades or removes the agent on a Docker host, for any POSIX sh, also by a pipe: nothing runs before all of it
 * has arrived. `pulseUrl`: where the host reaches this server, unless its `--url` says otherwise.
 */
export function toAgentScript(pulseUrl: string): string {
  return TEMPLATE.replace("@PULSE_URL@", () => quoted(pulseUrl));
}

/** The one placeholder is named, and stands where the shell expects a word. */
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
  URL='' TOKEN="@{PULSE_TOKEN:-}" TARGETS='' INTERVAL='' INSECURE='' ACTION=install INIT='' ARCH='' ROOT="@{PULSE_AGENT_ROOT:-}"
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
      --url | --token | --target | --interval | --root | --init | --arch)
        [ $# -gt 0 ] || fail "$option needs a value"
        case $option in
          --url) URL=$1 ;;
          --token) TOKEN=$1 ;;
          --target) TARGETS="@{TARGETS:+$TARGETS;}$1" ;;
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
  for value in "$URL" "$TOKEN" "$TARGETS"; do
    case $value in
      *[!A-Za-z0-9._~:/?@%+=,\;\|\[\]-]*) fail 'an address or token has characters that none has' ;;
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
    curl -fsSL --connect-timeout 20 --retry 2 @{INSECURE:+-k} -o "$2" "$1"
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
      [ "$INSECURE" != true ] || say "PULSE_INSECURE_SKIP_VERIFY='true'"
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

# The group that may use the engine's socket.
socket_group() {
  if grep -q '^docker:' "$ROOT/etc/group" 2>/dev/null || [ -n "$ROOT" ]; then
    say docker
    return 0
  fi
  for socket in /run/docker.sock /run/podman/podman.sock; do
    [ -S "$socket" ] || continue
    group=$(stat -c %G "$socket")
    [ "$group" = root ] || say "$group"
    return 0
  done
}

# The agent's own user comes and goes with the service. No filter of system calls: the agent's runtime makes code as it goes, and what it
# needs for that differs between kernels.
write_unit() {
  mkdir -p "@{UNIT%/*}"
  cat >"$UNIT.new" <<END
[Unit]
Description=Pulse agent for Docker hosts
Wants=network-online.target
After=network-online.target docker.service podman.socket

[Service]
ExecStart=/usr/local/bin/$NAME
EnvironmentFile=/etc/$NAME/agent.env
Restart=always
RestartSec=10
DynamicUser=yes
StateDirectory=$NAME
StateDirectoryMode=0700
@{GROUP:+SupplementaryGroups=$GROUP}
CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
UMask=0077

[Install]
WantedBy=multi-user.target
END
  place_service "$UNIT" 644
}

write_rc() {
  mkdir -p "@{RC%/*}"
  cat >"$RC.new" <<END
#!/sbin/openrc-run
description="Pulse agent for Docker hosts"
supervisor=supervise-daemon
command=/usr/local/bin/$NAME
command_user=$NAME:@{GROUP:-root}
output_log=/var/log/$NAME.log
error_log=/var/log/$NAME.log
respawn_delay=10

depend() {
  need net
  after docker
}

start_pre() {
  checkpath -f -o $NAME -m 0640 /var/log/$NAME.log
  checkpath -d -o $NAME -m 0700 /var/lib/$NAME
  set -a
  . /etc/$NAME/agent.env
  set +a
}
END
  place_service "$RC" 755
}

write_starter() {
  cat >"$STARTER.new" <<END
#!/bin/sh
# Runs the agent with its settings.
set -a
. /etc/$NAME/agent.env
set +a
exec /usr/local/bin/$NAME
END
  place_service "$STARTER" 755
}

# Puts FILE.new in the place of FILE. place_service FILE MODE
place_service() {
  chmod "$2" "$1.new"
  if [ -f "$1" ] && cmp -s "$1" "$1.new"; then
    rm -f "$1.new"
  else
    mv -f "$1.new" "$1"
    CHANGED=yes
    say "Wrote the service: $1"
  fi
}

make_user() {
  [ -z "$ROOT" ] || return 0
  id "$NAME" >/dev/null 2>&1 && return 0
  if has useradd; then
    useradd --system --no-create-home --shell /sbin/nologin "$NAME"
  else
    addgroup -S "$NAME"
    adduser -S -D -H -s /sbin/nologin -G "$NAME" "$NAME"
  fi
}

start_service() {
  if [ -n "$ROOT" ]; then
    if [ "$INIT" = systemd ]; then
      mkdir -p "@{WANTED%/*}"
      ln -sf "/etc/systemd/system/$NAME.service" "$WANTED"
    fi
    say "Nothing was started: it lies below $ROOT"
    return 0
  fi
  case $INIT in
    systemd)
      systemctl daemon-reload
      systemctl enable --quiet "$NAME"
      if [ "$CHANGED" = yes ] || ! systemctl is-active --quiet "$NAME"; then
        systemctl restart "$NAME"
      fi
      sleep 2
      systemctl is-active --quiet "$NAME" || fail "the agent does not stay up: journalctl -u $NAME tells why"
      say "It runs, and starts with the machine: systemctl status $NAME"
      ;;
    openrc)
      rc-update -q add "$NAME" default
      rc-service -q "$NAME" restart
      say "It runs, and starts with the machine: rc-service $NAME status"
      ;;
    none)
      stop_plain
      nohup "$STARTER" >/dev/null 2>&1 &
      say "$!" >"$PID_FILE"
      say "It runs. To start it with the machine, have $STARTER run at boot (crontab: @reboot $STARTER)"
      ;;
  esac
}

stop_plain() {
  [ -f "$PID_FILE" ] || return 0
  pid=$(cat "$PID_FILE")
  # The number may be another program's by now.
  [ "$(readlink "/proc/$pid/exe" 2>/dev/null)" != "$PROGRAM" ] || kill "$pid" 2>/dev/null || true
  rm -f "$PID_FILE"
}

stop_service() {
  [ -z "$ROOT" ] || return 0
  if has systemctl && [ -f "$UNIT" ]; then
    systemctl disable --now --quiet "$NAME" || true
  fi
  if has rc-service && [ -f "$RC" ]; then
    rc-service -q "$NAME" stop || true
    rc-update -q del "$NAME" || true
  fi
  stop_plain
  if id "$NAME" >/dev/null 2>&1; then
    { has userdel && userdel "$NAME"; } || { has deluser && deluser "$NAME"; } || true
  fi
}

install_agent() {
  find_arch
  complete_settings
  GROUP=$(socket_group)
  [ -n "$GROUP" ] || say 'Note: no group but root may use the socket of Docker or Podman; the agent will not get in before one may'
  place_program
  write_settings
  case $INIT in
    systemd) write_unit ;;
    openrc)
      make_user
      write_rc
      ;;
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
