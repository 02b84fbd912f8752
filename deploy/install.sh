#!/bin/sh
# Installs, upgrades or removes Pulse on Linux with glibc, for any POSIX sh, also by a pipe: nothing runs before all of it has arrived.
# docs/installing.md tells what lies where.
set -eu
LC_ALL=C
export LC_ALL
umask 022

# The key that releases are signed with; filled in by `npm run release`.
RELEASE_KEY=''

usage() {
  cat <<'END'
Usage: install.sh --from PLACE [options]

  --from PLACE     where releases are: a URL or a folder with checksums.txt, or an archive beside its checksums.txt
  --version X.Y.Z  this version; by default the newest
  --channel rc     count releases that are tried out, too
  --port N         where Pulse listens; 7655 by default
  --key FILE       the public key of the releases, where it is another than that of this script
  --unsigned       take what nobody has signed, such as a build of your own
  --migrate        take the place of Pulse 4 on this machine: its settings are taken over, and it is kept
  --units          take the units of systemd that came with the version that runs
  --go-back        put Pulse 4 back in its place after --migrate
  --uninstall      remove Pulse; its data and settings stay
  --purge          with --uninstall: remove data, settings and user, too
  --root DIR       install below DIR, for images: nothing is started
  --arch ARCH      amd64 or arm64; of this machine by default

The same command upgrades. Whatever goes wrong, what ran before runs again.
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
  FROM='' VERSION='' CHANNEL=stable PORT='' KEY='' UNSIGNED='' MIGRATE='' ACTION=install PURGE='' ROOT='' ARCH=''
  while [ $# -gt 0 ]; do
    option=$1
    shift
    case $option in
      --unsigned) UNSIGNED=yes ;;
      --migrate) MIGRATE=yes ;;
      --units) ACTION=units ;;
      --go-back) ACTION=go_back ;;
      --uninstall) ACTION=uninstall ;;
      --purge) PURGE=yes ;;
      -h | --help)
        usage
        exit 0
        ;;
      --from | --version | --channel | --port | --key | --root | --arch)
        [ $# -gt 0 ] || fail "$option needs a value"
        case $option in
          --from) FROM=$1 ;;
          --version) VERSION=${1#v} ;;
          --channel) CHANNEL=$1 ;;
          --port) PORT=$1 ;;
          --key) KEY=$1 ;;
          --root) ROOT=$1 ;;
          --arch) ARCH=$1 ;;
        esac
        shift
        ;;
      *) fail "unknown option \"$option\"; --help tells which there are" ;;
    esac
  done
}

check_options() {
  case $VERSION in
    '') ;;
    [!0-9]* | *[!0-9A-Za-z.-]*) fail "--version: \"$VERSION\" is no version such as 5.0.0" ;;
  esac
  case $CHANNEL in
    stable | rc) ;;
    *) fail "--channel: \"$CHANNEL\" is none of stable, rc" ;;
  esac
  case $PORT in
    '') ;;
    *[!0-9]* | 0* | ??????*) fail "--port: \"$PORT\" is no port" ;;
    *) [ "$PORT" -le 65535 ] || fail "--port: \"$PORT\" is no port" ;;
  esac
  [ -z "$KEY" ] || [ -f "$KEY" ] || fail "--key: there is no file \"$KEY\""
  [ -z "$PURGE" ] || [ "$ACTION" = uninstall ] || fail '--purge goes with --uninstall'
  [ -z "$MIGRATE" ] || [ "$ACTION" = install ] || fail '--migrate installs: it goes with neither --go-back nor --uninstall'
  case $ROOT in
    '' | /*) ROOT=${ROOT%/} ;;
    *) fail "--root: \"$ROOT\" does not begin with /" ;;
  esac
  foreign=$ARCH
  case ${ARCH:-$(uname -m)} in
    amd64 | x86_64) ARCH=amd64 ;;
    arm64 | aarch64) ARCH=arm64 ;;
    *) fail "there is no Pulse for \"${ARCH:-$(uname -m)}\": it is built for amd64 and arm64" ;;
  esac
  [ -n "$ROOT" ] || [ "$(id -u)" -eq 0 ] || fail 'this needs root: sudo sh'
}

find_places() {
  PREFIX=$ROOT/opt/pulse
  DATA=$ROOT/var/lib/pulse
  CACHE=$ROOT/var/cache/pulse
  ETC=$ROOT/etc/pulse
  SETTINGS=$ETC/pulse.env
  UNITS=$ROOT/etc/systemd/system
  CLI=$ROOT/usr/local/bin/pulse
  # What --migrate sets aside of Pulse 4.
  ASIDE=$PREFIX/pulse-4
  OWN_UNITS='pulse.service pulse-update.path pulse-update.service'
  WORK='' STAGE='' RESCUE=''
  # Tests give a systemctl of their own.
  SYSTEMCTL=${PULSE_SYSTEMCTL:-}
  if [ -z "$SYSTEMCTL" ] && [ -z "$ROOT" ] && [ -d /run/systemd/system ]; then SYSTEMCTL=systemctl; fi
}

# Cleans up however this ends; where it fails half-way, what ran before is put back.
finish() {
  code=$?
  trap - EXIT
  [ -z "$WORK" ] || rm -rf "$WORK"
  [ -z "$STAGE" ] || rm -rf "$STAGE"
  if [ "$code" -ne 0 ] && [ -n "$RESCUE" ]; then
    set +e
    "$RESCUE"
  fi
  exit "$code"
}

ctl() {
  [ -z "$SYSTEMCTL" ] || "$SYSTEMCTL" "$@"
}

# fetch NAME FILE, from the place of the releases
fetch() {
  case $PLACE in
    http://* | https://*)
      if has curl; then
        curl -fsSL --connect-timeout 20 --retry 2 -o "$2" "$PLACE/$1"
      elif has wget; then
        wget -q -O "$2" "$PLACE/$1"
      else
        fail 'neither curl nor wget is here'
      fi
      ;;
    *) cp "$PLACE/$1" "$2" 2>/dev/null ;;
  esac
}

checksum_of() {
  if has sha256sum; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  elif has openssl; then
    openssl dgst -sha256 "$1" | sed 's/^.* //'
  else
    fail 'none of sha256sum, shasum and openssl is here: the release cannot be checked'
  fi
}

# The key that counts: the one that was given, the one that this Pulse was installed with, that of this script.
find_key() {
  if [ -n "$KEY" ]; then
    cp "$KEY" "$WORK/key.pub"
  elif [ -f "$PREFIX/release-key.pub" ]; then
    cp "$PREFIX/release-key.pub" "$WORK/key.pub"
  elif [ -n "$RELEASE_KEY" ]; then
    printf '%s\n' "$RELEASE_KEY" >"$WORK/key.pub"
  fi
}

check_signature() {
  if [ -n "$UNSIGNED" ]; then
    say 'Note: who made this release is not checked (--unsigned)'
    return 0
  fi
  find_key
  [ -f "$WORK/key.pub" ] || fail 'there is no key to check releases with: give --key FILE, or --unsigned for a build of your own'
  fetch checksums.txt.sig "$WORK/sums.sig" || fail "the releases at $PLACE are not signed (no checksums.txt.sig)"
  if ! has openssl || ! openssl pkeyutl -help 2>&1 | grep -q -e -rawin; then
    fail 'the signature cannot be checked without openssl 3: install it, or say --unsigned to do without'
  fi
  openssl base64 -d -A -in "$WORK/sums.sig" -out "$WORK/sums.raw" 2>/dev/null || true
  openssl pkeyutl -verify -pubin -inkey "$WORK/key.pub" -rawin -in "$WORK/checksums.txt" -sigfile "$WORK/sums.raw" >/dev/null 2>&1 ||
    fail "checksums.txt at $PLACE is not signed with the key of Pulse's releases: nothing was changed"
}

# The greatest of the versions on standard input; one with a "-" comes before the one without.
newest() {
  sed 's/-/~/' | sort -V | tail -n 1 | sed 's/~/-/'
}

# Settles VERSION and its checksum.
find_release() {
  WORK=$(mktemp -d)
  case $FROM in
    '') fail '--from is missing: where are the releases? --help tells more' ;;
    http://?* | https://?*) PLACE=${FROM%/} ;;
    *.tar.gz)
      [ -f "$FROM" ] || fail "--from: there is no file \"$FROM\""
      PLACE=$(dirname "$FROM")
      name=$(basename "$FROM" "-linux-$ARCH.tar.gz")
      case $name in
        *.tar.gz) fail "--from: \"$FROM\" is no release for linux-$ARCH" ;;
      esac
      [ -z "$VERSION" ] || [ "$VERSION" = "${name#pulse-}" ] || fail "--version: \"$FROM\" is another version"
      VERSION=${name#pulse-}
      ;;
    *)
      [ -d "$FROM" ] || fail "--from: there is no folder \"$FROM\""
      PLACE=$FROM
      ;;
  esac
  fetch checksums.txt "$WORK/checksums.txt" || fail "there is no checksums.txt to be had from $PLACE"
  check_signature
  sed -n "s/^[0-9a-f]\{64\}  pulse-\([0-9][0-9A-Za-z.-]*\)-linux-$ARCH\.tar\.gz\$/\1/p" "$WORK/checksums.txt" >"$WORK/versions"
  [ -n "$VERSION" ] || choose_version
  ARCHIVE=pulse-$VERSION-linux-$ARCH.tar.gz
  SUM=$(grep -F "  $ARCHIVE" "$WORK/checksums.txt" | head -n 1 | cut -d ' ' -f 1)
  grep -q -x -F -e "$VERSION" "$WORK/versions" || fail "there is no Pulse $VERSION for linux-$ARCH at $PLACE"
}

choose_version() {
  if [ "$CHANNEL" = stable ]; then
    grep -v -e - "$WORK/versions" >"$WORK/offered" || true
  else
    cp "$WORK/versions" "$WORK/offered"
  fi
  VERSION=$(newest <"$WORK/offered")
  [ -n "$VERSION" ] || [ ! -s "$WORK/versions" ] ||
    fail "there are only releases that are tried out at $PLACE ($(newest <"$WORK/versions")): --channel rc takes the newest"
  [ -n "$VERSION" ] || fail "there is no release for linux-$ARCH at $PLACE"
  if [ -n "$BEFORE" ] && [ "$(printf '%s\n%s\n' "$VERSION" "$BEFORE" | newest)" != "$VERSION" ]; then
    fail "the newest release there is $VERSION, older than $BEFORE, which is installed: --version $VERSION goes back to it"
  fi
}

# Gets the release beside its place, and puts it there only when it is whole and runs.
place_release() {
  target=$PREFIX/releases/$VERSION
  if [ -f "$target/VERSION" ]; then
    say "Pulse $VERSION is there already: $target"
    return 0
  fi
  mkdir -p "$PREFIX/releases"
  # Of one that was killed.
  rm -rf "$PREFIX"/releases/.new-*
  STAGE=$PREFIX/releases/.new-$VERSION.$$
  mkdir "$STAGE"
  fetch "$ARCHIVE" "$STAGE/archive.tar.gz" || fail "$ARCHIVE could not be had from $PLACE"
  found=$(checksum_of "$STAGE/archive.tar.gz")
  [ "$found" = "$SUM" ] || fail "$ARCHIVE is not what checksums.txt says (SHA-256 $found, not $SUM): nothing was changed"
  tar -xzf "$STAGE/archive.tar.gz" -C "$STAGE" --no-same-owner || fail "$ARCHIVE could not be unpacked: nothing was changed"
  rm -f "$STAGE/archive.tar.gz"
  unpacked=$STAGE/pulse-$VERSION-linux-$ARCH
  [ "$(cat "$unpacked/VERSION" 2>/dev/null)" = "$VERSION" ] || fail "$ARCHIVE is not Pulse $VERSION: nothing was changed"
  if [ -z "$foreign" ]; then
    "$unpacked/bin/pulse" version >/dev/null 2>"$WORK/why" ||
      fail "Pulse $VERSION does not run on this machine, nothing was changed: $(head -n 1 "$WORK/why")"
  fi
  mv "$unpacked" "$target"
  rm -rf "$STAGE"
  STAGE=''
  say "Unpacked Pulse $VERSION: $target"
}

make_user() {
  [ -z "$ROOT" ] || return 0
  id pulse >/dev/null 2>&1 && return 0
  if grep -q '^pulse:' /etc/group; then
    useradd --system --home-dir /var/lib/pulse --no-create-home --shell /usr/sbin/nologin --gid pulse pulse
  else
    useradd --system --home-dir /var/lib/pulse --no-create-home --shell /usr/sbin/nologin --user-group pulse
  fi
}

# NOTE: who may write these folders says what root runs when it updates. Those of Pulse 4 belong to its user.
secure() {
  chmod go-w "$PREFIX" "$ETC"
  [ -n "$ROOT" ] || chown root:root "$PREFIX" "$ETC"
}

# The data folder is the service's alone; everything else here is root's.
make_folders() {
  mkdir -p "$PREFIX/releases" "$ETC" "$UNITS" "${CLI%/*}"
  [ -d "$DATA" ] || mkdir -p "$DATA"
  chmod 700 "$DATA"
  [ -n "$ROOT" ] || chown pulse:pulse "$DATA"
  [ -n "$ORIGINAL" ] || secure
  if [ -z "$UNSIGNED" ]; then
    cp "$WORK/key.pub" "$PREFIX/release-key.pub.new"
    mv -f "$PREFIX/release-key.pub.new" "$PREFIX/release-key.pub"
  fi
}

# set_variable NAME VALUE, in the settings of the service; what is there besides stays.
set_variable() {
  (
    umask 077
    {
      grep -v "^$1=" "$SETTINGS" 2>/dev/null || true
      say "$1=$2"
    } >"$SETTINGS.new"
  )
  mv -f "$SETTINGS.new" "$SETTINGS"
}

write_settings() {
  if [ ! -f "$SETTINGS" ]; then
    (
      umask 077
      say '# The environment of Pulse, NAME=value a line; systemctl restart pulse takes it into use.' >"$SETTINGS"
    )
    say "Its settings, which only root may read: $SETTINGS"
  fi
  [ -z "$PORT" ] || set_variable FRONTEND_PORT "$PORT"
  # Where it looks for other versions, when somebody asks it to.
  case $PLACE in
    https://*) grep -q '^PULSE_UPDATE_URL=' "$SETTINGS" || set_variable PULSE_UPDATE_URL "$PLACE/releases.json" ;;
  esac
}

# place FILE TARGET MODE: where it is another than before.
place() {
  if [ -f "$2" ] && [ ! -L "$2" ] && cmp -s "$1" "$2"; then return 0; fi
  cp "$1" "$2.new"
  chmod "$3" "$2.new"
  mv -f "$2.new" "$2"
}

# place_units VERSION: the units that came with it.
place_units() {
  for unit in $OWN_UNITS; do
    [ ! -f "$PREFIX/releases/$1/lib/systemd/$unit" ] || place "$PREFIX/releases/$1/lib/systemd/$unit" "$UNITS/$unit" 644
  done
  ctl daemon-reload
}

# The command "pulse" for administrators: by the service's user, with its settings.
place_cli() {
  cat >"$WORK/cli" <<'END'
#!/bin/sh
# The command line of Pulse, as its user and with its settings. Written by install.sh.
set -eu
export PULSE_DATA_DIR=/var/lib/pulse
if [ -r /etc/pulse/pulse.env ]; then
  while IFS= read -r line || [ -n "$line" ]; do
    name=${line%%=*} value=${line#*=}
    case $line in
      [A-Za-z_]*=*) ;;
      *) continue ;;
    esac
    case $value in
      \'*\' | \"*\")
        value=${value#?}
        value=${value%?}
        ;;
    esac
    export "$name=$value"
  done </etc/pulse/pulse.env
fi
program=/opt/pulse/current/bin/pulse
# Only root may replace Pulse.
if [ "${1:-}" = update ]; then exec "$program" "$@"; fi
if [ "$(id -u)" -eq 0 ]; then exec runuser -u pulse -- "$program" "$@"; fi
exec "$program" "$@"
END
  place "$WORK/cli" "$CLI" 755
}

# pulse_cli ARGUMENTS: to the version that is current
pulse_cli() {
  if [ -n "$ROOT" ]; then
    PULSE_DATA_DIR="$DATA" "$PREFIX/current/bin/pulse" "$@"
  else
    "$CLI" "$@"
  fi
}

# point LINK VERSION: from one moment to the next.
point() {
  rm -f "$PREFIX/$1.new"
  ln -s "releases/$2" "$PREFIX/$1.new"
  mv -f -T "$PREFIX/$1.new" "$PREFIX/$1"
}

# await_well VERSION: up to a minute; ADDRESS is where it answers then.
await_well() {
  until=$(($(date +%s) + ${PULSE_INSTALL_PATIENCE:-60}))
  while :; do
    if answer=$(pulse_cli status 2>/dev/null); then
      case $answer in
        "Pulse $1 answers at "*)
          ADDRESS=${answer##* }
          return 0
          ;;
      esac
    fi
    allow_container
    [ "$(date +%s)" -lt "$until" ] || return 1
    sleep 1
  done
}

# A container of Proxmox without nesting cannot make the namespaces that keep the service away from the rest of the system (status 226).
allow_container() {
  [ ! -f "$UNITS/pulse.service.d/container.conf" ] || return 0
  [ "$(ctl show --property=ExecMainStatus --value pulse.service)" = 226 ] || return 0
  for unit in pulse.service pulse-update.service; do
    mkdir -p "$UNITS/$unit.d"
    cat >"$UNITS/$unit.d/container.conf" <<'END'
# Written by install.sh: namespaces cannot be made in this container. With nesting (pct set ID --features nesting=1) remove this file.
[Service]
PrivateDevices=no
PrivateTmp=no
ProtectClock=no
ProtectControlGroups=no
ProtectHome=no
ProtectHostname=no
ProtectKernelLogs=no
ProtectKernelModules=no
ProtectKernelTunables=no
ProtectProc=default
ProtectSystem=no
END
  done
  say 'Note: this container cannot make namespaces: the service is kept within its user and its capabilities, not within namespaces'
  ctl daemon-reload
  ctl restart pulse.service || true
}

tell_why() {
  [ -n "$ROOT" ] || ! has journalctl || journalctl --unit=pulse.service --lines=5 --output=cat --no-pager >&2 || true
}

start_pulse() {
  if [ -z "$SYSTEMCTL" ]; then
    [ -z "$ROOT" ] || enable_in_root
    [ -n "$ROOT" ] || say "There is no systemd here: have \"$CLI start\" run at boot; it goes on as the user pulse"
    return 0
  fi
  ctl enable --quiet pulse.service pulse-update.path
  # NOTE: where it cannot start, that is seen by its not answering.
  ctl restart pulse.service || true
  if ! await_well "$VERSION"; then
    tell_why
    fail "Pulse $VERSION does not answer; journalctl -u pulse tells why"
  fi
  ctl start pulse-update.path
}

enable_in_root() {
  mkdir -p "$UNITS/multi-user.target.wants"
  for unit in pulse.service pulse-update.path; do
    [ ! -f "$UNITS/$unit" ] || ln -sf "/etc/systemd/system/$unit" "$UNITS/multi-user.target.wants/$unit"
  done
  say "Nothing was started: it lies below $ROOT"
}

install_pulse() {
  [ ! -e "$PREFIX/update/journal.json" ] || fail 'an update is under way: wait until it is done (systemctl status pulse-update)'
  BEFORE=''
  [ ! -f "$PREFIX/current/VERSION" ] || BEFORE=$(cat "$PREFIX/current/VERSION")
  find_original
  if [ -n "$ORIGINAL" ] && [ -z "$MIGRATE" ]; then
    fail "Pulse 4 is on this machine ($ORIGINAL): --migrate takes its settings over and its place; it is kept, and --go-back puts it back"
  fi
  [ -n "$ORIGINAL" ] || [ -z "$MIGRATE" ] || fail '--migrate: there is no Pulse 4 on this machine'
  find_release
  if [ "$BEFORE" = "$VERSION" ] && [ -z "$PORT" ] && is_well; then
    say "Pulse $VERSION is installed already, and answers at $ADDRESS"
    return 0
  fi
  place_release
  make_user
  make_folders
  if [ -n "$ORIGINAL" ]; then
    migrate
  elif [ -n "$BEFORE" ] && [ "$BEFORE" != "$VERSION" ]; then
    upgrade
  else
    write_settings
    put_in_place
  fi
  RESCUE=''
  [ -z "$BEFORE" ] || [ "$BEFORE" = "$VERSION" ] || keep_two
  [ -z "$SYSTEMCTL" ] || welcome
}

is_well() {
  [ -n "$SYSTEMCTL" ] || return 1
  case $(pulse_cli status 2>/dev/null || true) in
    "Pulse $VERSION answers at "*) ADDRESS=$(pulse_cli status | sed 's/^.* //') ;;
    *) return 1 ;;
  esac
}

put_in_place() {
  point current "$VERSION"
  place_cli
  place_units "$VERSION"
  start_pulse
}

# The database is kept as it is: a newer version may change it so that the older one cannot read it.
upgrade() {
  BACKUP=''
  if [ -f "$DATA/pulse.db" ]; then
    BACKUP=$DATA/before-$VERSION.db
    rm -f "$DATA"/before-*.db
    pulse_cli backup "$BACKUP" >"$WORK/backup" 2>&1 || fail "the data could not be backed up, nothing was changed: $(head -n 1 "$WORK/backup")"
  fi
  RESCUE=rescue_upgrade
  write_settings
  point previous "$BEFORE"
  put_in_place
  [ -z "$BACKUP" ] || say "The data as Pulse $BEFORE left it: $BACKUP"
}

rescue_upgrade() {
  say "Going back to Pulse $BEFORE" >&2
  ctl stop pulse.service
  point current "$BEFORE"
  place_units "$BEFORE"
  [ -z "$BACKUP" ] || pulse_cli restore "$BACKUP" --if-needed >&2 || say "The data could not be put back; it is in $BACKUP" >&2
  ctl start pulse.service
  rm -rf "$PREFIX/previous" "$PREFIX/releases/$VERSION"
  [ -n "$SYSTEMCTL" ] || return 0
  if await_well "$BEFORE"; then
    say "Pulse $BEFORE runs again, at $ADDRESS" >&2
  else
    say "Pulse $BEFORE was started, and does not answer: journalctl -u pulse tells why" >&2
  fi
}

# Removes all versions but the present one and the one before.
keep_two() {
  for folder in "$PREFIX"/releases/*; do
    case ${folder##*/} in
      "$VERSION" | "$BEFORE") ;;
      *) rm -rf "$folder" ;;
    esac
  done
}

welcome() {
  say "Pulse $VERSION runs, and starts with the machine: $ADDRESS"
  if [ -f "$DATA/setup-code" ]; then
    say "To set it up from another machine, the page asks for this code: $(head -n 1 "$DATA/setup-code")"
  fi
}

# ORIGINAL: how Pulse 4 is known to be here; empty: it is not, or it was set aside.
find_original() {
  ORIGINAL='' ORIGINAL_UNIT='' ORIGINAL_DATA=$ETC
  for name in pulse pulse-backend; do
    unit=$UNITS/$name.service
    [ -f "$unit" ] || continue
    ! grep -q '^ExecStart=/opt/pulse/current/bin/pulse' "$unit" || continue
    ORIGINAL=$unit ORIGINAL_UNIT=$name
    folder=$(sed -n 's/^Environment="\{0,1\}PULSE_DATA_DIR=\([^"]*\)"\{0,1\}$/\1/p' "$unit" | tail -n 1)
    [ -z "$folder" ] || ORIGINAL_DATA=$ROOT$folder
  done
  [ -z "$ORIGINAL$BEFORE" ] && [ ! -d "$ASIDE/units" ] || return 0
  for path in "$PREFIX/bin/pulse" "$ETC/nodes.enc" "$ETC/system.json"; do
    [ ! -e "$path" ] || ORIGINAL=$path
  done
}

migrate() {
  copy_original_data
  take_environment
  write_settings
  RESCUE=rescue_migration
  set_original_aside
  put_in_place
  if [ -n "$SYSTEMCTL" ] && [ -d "$DATA/import" ]; then
    pulse_cli import "$DATA/import" || fail 'the settings of Pulse 4 could not be taken over'
    # Some count from the next start on.
    ctl restart pulse.service
    await_well "$VERSION" || fail "Pulse $VERSION does not answer with the settings of Pulse 4"
    rm -rf "$DATA/import"
  fi
  say "Pulse 4 is stopped and kept, its data in $ORIGINAL_DATA as it was; to go back: sh $PREFIX/current/lib/install.sh --go-back"
}

# The service may not be allowed to read the older one's folder; what it reads is copied.
copy_original_data() {
  rm -rf "$DATA/import"
  (umask 077 && mkdir "$DATA/import")
  for name in .encryption.key nodes.enc email.enc webhooks.enc system.json alerts.json guest_metadata.json; do
    [ ! -f "$ORIGINAL_DATA/$name" ] || cp "$ORIGINAL_DATA/$name" "$DATA/import/$name"
  done
  if [ -z "$(ls -A "$DATA/import")" ]; then
    rm -rf "$DATA/import"
    say "Note: there are no settings of Pulse 4 in $ORIGINAL_DATA; nothing is taken over"
  elif [ -z "$ROOT" ]; then
    chown -R pulse:pulse "$DATA/import"
  fi
}

# Sign-in, tokens and the port stand in the environment of Pulse 4, and mean the same here.
take_environment() {
  {
    for file in "$UNITS/$ORIGINAL_UNIT.service" "$UNITS/$ORIGINAL_UNIT.service.d"/*.conf; do
      [ ! -f "$file" ] || sed -n 's/^Environment="\{0,1\}\([A-Z_]*=[^"]*\)"\{0,1\}$/\1/p' "$file"
    done
    [ ! -f "$ORIGINAL_DATA/.env" ] || cat "$ORIGINAL_DATA/.env"
  } | grep -E '^(FRONTEND_PORT|BIND_HOST|PULSE_AUTH_USER|PULSE_AUTH_PASS|API_TOKENS?|ALLOWED_ORIGINS|HTTPS_ENABLED|TLS_(CERT|KEY)_FILE|PROXY_AUTH_[A-Z_]+|OIDC_[A-Z_]+|TRUSTED_PROXIES|LOG_LEVEL)=.' >"$WORK/environment" || true
  while IFS= read -r line; do
    set_variable "${line%%=*}" "${line#*=}"
    say "Taken over: ${line%%=*}"
  done <"$WORK/environment"
  if [ -z "$PORT" ] && ! grep -q '^FRONTEND_PORT=' "$WORK/environment" && [ -f "$ORIGINAL_DATA/system.json" ]; then
    port=$(sed -n 's/.*"frontendPort":[[:space:]]*\([1-9][0-9]*\).*/\1/p' "$ORIGINAL_DATA/system.json" | head -n 1)
    [ -z "$port" ] || set_variable FRONTEND_PORT "$port"
  fi
}

set_original_aside() {
  mkdir -p "$ASIDE/units"
  say "$ORIGINAL_UNIT" >"$ASIDE/unit"
  stat -c '%u:%g %a' "$PREFIX" "$ETC" >"$ASIDE/owners"
  secure
  for unit in pulse.service pulse-backend.service pulse-update.service pulse-update.timer; do
    [ -f "$UNITS/$unit" ] || continue
    ctl disable --now --quiet "$unit" || true
    mv "$UNITS/$unit" "$ASIDE/units/$unit"
    [ ! -d "$UNITS/$unit.d" ] || mv "$UNITS/$unit.d" "$ASIDE/units/$unit.d"
  done
  if [ -e "$CLI" ] || [ -L "$CLI" ]; then mv "$CLI" "$ASIDE/cli"; fi
}

put_original_back() {
  remove_own_units
  for path in "$ASIDE"/units/*; do
    [ ! -e "$path" ] || mv "$path" "$UNITS/${path##*/}"
  done
  if [ -e "$ASIDE/cli" ] || [ -L "$ASIDE/cli" ]; then mv "$ASIDE/cli" "$CLI"; fi
  give_back "$PREFIX" "$(sed -n 1p "$ASIDE/owners")"
  give_back "$ETC" "$(sed -n 2p "$ASIDE/owners")"
  name=$(cat "$ASIDE/unit")
  rm -rf "$ASIDE"
  rm -f "$PREFIX/current"
  ctl daemon-reload
  [ -z "$name" ] || ctl enable --now --quiet "$name.service" || fail "Pulse 4 does not start: journalctl -u $name tells why"
  [ ! -f "$UNITS/pulse-update.timer" ] || ctl enable --now --quiet pulse-update.timer || true
}

# give_back FOLDER 'OWNER MODE'; it has none where nothing was written down yet.
give_back() {
  [ -n "$2" ] || return 0
  [ -n "$ROOT" ] || chown "${2% *}" "$1"
  chmod "${2#* }" "$1"
}

rescue_migration() {
  rm -rf "$DATA/import"
  put_original_back
  say 'Pulse 4 runs again as before' >&2
}

go_back() {
  [ -d "$ASIDE/units" ] || fail '--go-back: no Pulse 4 was set aside on this machine'
  put_original_back
  say "Pulse 4 runs again. What Pulse 5 has kept stays in $DATA"
}

# An update that Pulse makes by itself leaves the units as they are: only root may change them.
take_units() {
  [ -f "$PREFIX/current/VERSION" ] || fail '--units: Pulse is not installed'
  WORK=$(mktemp -d)
  VERSION=$(cat "$PREFIX/current/VERSION")
  place_units "$VERSION"
  place_cli
  ctl try-restart pulse.service pulse-update.path
  say "The units are those of Pulse $VERSION"
}

uninstall() {
  if [ ! -e "$PREFIX/releases" ] && [ ! -e "$PREFIX/current" ]; then
    say 'Pulse is not installed'
  else
    remove_program
    rm -rf "$CACHE"
    say 'Removed Pulse'
  fi
  if [ -z "$PURGE" ]; then
    [ ! -d "$DATA" ] || say "Its data stays in $DATA, its settings in $SETTINGS; --purge removes them"
    return 0
  fi
  rm -rf "$DATA"
  rm -f "$SETTINGS"
  rmdir "$ETC" 2>/dev/null || true
  if [ -z "$ROOT" ] && [ ! -e "$PREFIX/bin/pulse" ] && id pulse >/dev/null 2>&1; then userdel pulse || true; fi
  say 'Removed its data and settings'
}

# Stops and removes the services and the command "pulse", but none that are those of Pulse 4.
remove_own_units() {
  for unit in $OWN_UNITS; do
    grep -q -s -e /opt/pulse/current/ -e /opt/pulse/update/ "$UNITS/$unit" || continue
    case $unit in
      pulse-update.service) ;;
      *) ctl disable --now --quiet "$unit" || true ;;
    esac
    rm -f "$UNITS/$unit" "$UNITS/$unit.d/container.conf" "$UNITS/multi-user.target.wants/$unit"
    rmdir "$UNITS/$unit.d" 2>/dev/null || true
  done
  if grep -q -s 'Written by install.sh' "$CLI"; then rm -f "$CLI"; fi
  ctl daemon-reload
}

# Pulse 4, where it was set aside, stays.
remove_program() {
  remove_own_units
  rm -rf "$PREFIX/releases" "$PREFIX/update"
  rm -f "$PREFIX/current" "$PREFIX/previous" "$PREFIX/release-key.pub"
  rmdir "$PREFIX" 2>/dev/null || true
}

main() {
  read_options "$@"
  check_options
  find_places
  trap finish EXIT
  trap 'exit 1' HUP INT TERM
  case $ACTION in
    install) install_pulse ;;
    units) take_units ;;
    go_back) go_back ;;
    uninstall) uninstall ;;
  esac
}

main "$@"
