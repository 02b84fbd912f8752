/**
 * The functions of the agent's install script that know about services. They use its variables: NAME, INIT, ROOT and the places of files;
 * and they set CHANGED when there is anything to be started anew.
 */
export const AGENT_SERVICES =
  String.raw`# The group that may use the engine's socket; nothing where only root may, as with Podman.
socket_group() {
  group=''
  if [ -n "$ROOT" ]; then
    group=docker
  elif [ -S /run/docker.sock ]; then
    group=$(stat -c %G /run/docker.sock)
  elif [ ! -S /run/podman/podman.sock ] && grep -q '^docker:' /etc/group; then
    group=docker
  fi
  if [ "$group" != root ]; then say "$group"; fi
}

# The agent's own user comes and goes with the service, where a group lets it in. No filter of system calls: the agent's runtime makes code as it goes, and what it
# needs for that differs between kernels.
write_unit() {
  as='User=root'
  if [ -n "$GROUP" ]; then
    as="DynamicUser=yes
SupplementaryGroups=$GROUP"
  fi
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
StateDirectory=$NAME
StateDirectoryMode=0700
$as
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
  user=root
  if [ -n "$GROUP" ]; then
    make_user
    user=$NAME:$GROUP
  fi
  mkdir -p "@{RC%/*}"
  cat >"$RC.new" <<END
#!/sbin/openrc-run
description="Pulse agent for Docker hosts"
supervisor=supervise-daemon
command=/usr/local/bin/$NAME
command_user=$user
output_log=/var/log/$NAME.log
error_log=/var/log/$NAME.log
respawn_delay=10

depend() {
  need net
  after docker
}

start_pre() {
  checkpath -f -o @{user%%:*} -m 0640 /var/log/$NAME.log
  checkpath -d -o @{user%%:*} -m 0700 /var/lib/$NAME
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
}`.replaceAll("@{", "${");
