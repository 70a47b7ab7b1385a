#!/bin/bash
# install.sh - installs or updates Sekisho on a Debian 12 without network, from the folder that this file lies in.
#
#     ./install.sh [--gate] [--check] [--data DIR] [FINGERPRINT]
#
# Nothing is touched before the signature was found to be of the key whose fingerprint a person typed, and every file to be the
# one that was signed. Packages come from debs/ alone: apt sees no other source. Before an update: a backup; after it the data
# is made the new version's. What makes this file itself trustworthy is the archive's signature, looked at before unpacking.
set -Eeuo pipefail
umask 022
cd "$(dirname "$(readlink -f "$0")")"
HERE=$PWD

DATA=/var/lib/sekisho
KEEP=/var/backups/sekisho
WANT=sekisho-server
ONLY_CHECK='' TYPED='' WORK='' POLICY='' RUNNING='' BEFORE='' SAVED=''

die() {
    printf '\n中止しました: %s\nStopped: %s\n' "$1" "$2" >&2
    [ -z "$SAVED" ] || printf '更新の前の控え / the backup from before: %s\n' "$SAVED" >&2
    [ -z "$RUNNING" ] || printf '止めたままです / it is stopped: systemctl start sekisho.target\n' >&2
    exit 1
}
note() { printf '      %s / %s\n' "$1" "$2"; }

clear_away() {
    [ -z "$WORK" ] || rm -rf "$WORK"
    [ -z "$POLICY" ] || rm -f /usr/sbin/policy-rc.d
    return 0
}
trap clear_away EXIT

about() { sed -n "s/^$1 //p" about; }

# ---- is it what was signed, by whom the person named? ----

fingerprint_typed() {
    if [ -z "$TYPED" ]; then
        printf 'リリースの鍵の指紋（40桁。紙のとおりに） / fingerprint of the release key, as on paper: ' >&2
        IFS= read -r TYPED || true
    fi
    TYPED=$(printf '%s' "$TYPED" | tr -d ' \t' | tr a-f A-F)
    [[ $TYPED =~ ^[0-9A-F]{40}$ ]] ||
        die "指紋は 0-9 と A-F の 40 桁です。紙に印刷されたものを打ち込んでください" "a fingerprint has 40 digits 0-9, A-F: type the one on paper"
}

signature_check() {
    local said by how
    command -v gpgv >/dev/null || die "gpgv がありません（Debian 12 には必ずあります）" "there is no gpgv, which every Debian 12 has"
    for f in SHA256SUMS SHA256SUMS.sig release.gpg about; do
        [ -f "$f" ] && [ ! -L "$f" ] || die "$f がありません。アーカイブを展開し直してください" "$f is missing: unpack the archive anew"
    done
    said=$(gpgv --status-fd 1 --keyring ./release.gpg SHA256SUMS.sig SHA256SUMS 2>/dev/null) ||
        die "一覧 (SHA256SUMS) の署名が正しくありません。壊れたか、書き換えられています" "the signature of SHA256SUMS is not good: damaged or changed"
    [ "$(grep -c '^\[GNUPG:\] GOODSIG ' <<<"$said")" = 1 ] && [ "$(grep -c '^\[GNUPG:\] VALIDSIG ' <<<"$said")" = 1 ] ||
        die "署名は一つでなければなりません" "there must be exactly one good signature"
    by=$(awk '$2 == "VALIDSIG" { print $NF }' <<<"$said")
    how=$(awk '$2 == "VALIDSIG" { print $10 }' <<<"$said")
    [ "$by" = "$TYPED" ] ||
        die "署名した鍵は打ち込まれた指紋のものではありません（$by）。紙と見比べ、違うなら使わないでください" "signed by another key than the one typed ($by): compare it with the paper; if they differ, do not use this"
    case "$how" in 8|9|10) ;; *) die "署名の方式が弱すぎます ($how)" "the signature's hash is too weak ($how)" ;; esac
}

hashes_check() {
    local listed there missing more bad
    [ -z "$(find . -mindepth 1 ! -type f ! -type d)" ] || die "ファイルでもフォルダでもないものがあります" "there is something that is neither file nor folder: $(find . -mindepth 1 ! -type f ! -type d | sed -n 1p)"
    listed=$(sed -E 's/^[0-9a-f]{64}  //' SHA256SUMS | LC_ALL=C sort)
    there=$(find . -type f ! -path ./SHA256SUMS ! -path ./SHA256SUMS.sig | sed 's|^\./||' | LC_ALL=C sort)
    missing=$(LC_ALL=C comm -23 <(printf '%s\n' "$listed") <(printf '%s\n' "$there") | sed -n 1p)
    more=$(LC_ALL=C comm -13 <(printf '%s\n' "$listed") <(printf '%s\n' "$there") | sed -n 1p)
    [ -z "$missing" ] || die "$missing がありません" "$missing is missing"
    [ -z "$more" ] || die "$more は署名された一覧にありません" "$more is not in the signed list"
    bad=$(LC_ALL=C sha256sum --check --strict --quiet SHA256SUMS 2>/dev/null | sed -n 's/: FAILED.*//p' | sed -n 1p) || true
    [ -z "$bad" ] || die "$bad が署名されたものと違います" "$bad is not what was signed"
    sha256sum --check --strict --status SHA256SUMS || die "署名された一覧と合いません" "the files are not those of the signed list"
}

# ---- is this a machine for it? ----

machine_check() {
    local id version arch
    id=$(. /etc/os-release; printf '%s' "${ID:-}")
    version=$(. /etc/os-release; printf '%s' "${VERSION_ID:-}")
    arch=$(dpkg --print-architecture)
    [ "$id $version" = "debian $(about debian)" ] || die "Debian $(about debian) ではありません（$id $version）" "this is not Debian $(about debian) but $id $version"
    [ "$arch" = "$(about arch)" ] || die "この機械は $arch、束は $(about arch) 用です" "this machine is $arch, the bundle is for $(about arch)"
    [ "$(id -u)" = 0 ] || die "root で実行してください" "run it as root"
}

version_check() {
    local status
    read -r status BEFORE < <(dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$WANT" 2>/dev/null || true) || true
    [ "${status:-}" = installed ] || BEFORE=''
    [ -z "$BEFORE" ] || ! dpkg --compare-versions "$BEFORE" gt "$(about version)" ||
        die "すでに新しい版 $BEFORE が入っています。前の版には戻せません" "a newer version $BEFORE is installed; there is no way back"
    if [ -e "$DATA/run/launcher.lock" ] && ! flock -n "$DATA/run/launcher.lock" true; then
        die "$DATA で launch が動いています。止めてからもう一度実行してください" "a launcher runs $DATA: end it, then begin again"
    fi
}

# ---- the work ----

# By the version that is there, while it runs.
backup() {
    [ "$WANT" = sekisho-server ] && [ -n "$BEFORE" ] && [ -e "$DATA/office/sekisho.db" ] || return 0
    mkdir -p "$KEEP"
    chmod 0700 "$KEEP"
    local to
    to="$KEEP/$(date +%Y%m%d-%H%M%S)-$BEFORE"
    note "控えを取ります: $to" "backing up"
    sekishod backup "$DATA" "$to" || die "控えが取れないので、更新しません" "no update without a backup"
    SAVED=$to
    owners
}

# Where the units' users have the data, what root's commands left is given back.
owners() {
    if [ "$(stat -c %G "$DATA")" = sekisho ] && [ -x /usr/lib/sekisho/own ]; then /usr/lib/sekisho/own "$DATA"; fi
}

under_systemd() { [ -d /run/systemd/system ]; }

stop() {
    if under_systemd && systemctl -q is-active sekisho.target; then
        RUNNING=1
        note "止めます" "stopping"
        systemctl stop sekisho.target
    fi
}

packages() {
    local apt nginx_before version
    version=$(about version)
    WORK=$(mktemp -d)
    chmod 0755 "$WORK"
    mkdir -p "$WORK"/{lists/partial,cache/archives/partial,none}
    printf 'deb [trusted=yes] file:%s ./\n' "${HERE// /%20}/debs" >"$WORK/sources.list"
    apt=(apt-get -q -y -o Dir::Etc::sourcelist="$WORK/sources.list" -o Dir::Etc::sourceparts="$WORK/none" -o Dir::Etc::preferences=/dev/null
         -o Dir::Etc::preferencesparts="$WORK/none" -o Dir::State::lists="$WORK/lists" -o Dir::Cache="$WORK/cache" -o APT::Sandbox::User=root
         -o Acquire::Languages=none -o APT::Install-Recommends=false -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0)
    # From here on apt's own words are in English and in a log: it says what is wrong better than we could.
    "${apt[@]}" update >"$WORK/log" 2>&1 || { tail -n 15 "$WORK/log" >&2; die "束の中のパッケージの一覧が読めません" "the bundle's list of packages cannot be read"; }
    "${apt[@]}" --no-remove --reinstall --simulate install "$WANT=$version" "sekisho=$version" >"$WORK/log" 2>&1 ||
        { tail -n 15 "$WORK/log" >&2; die "この機械には入れられません（上の行）。何も変えていません" "it cannot be installed here (see above); nothing was changed"; }
    stop
    nginx_before=$(dpkg-query -W -f '${db:Status-Status}' nginx 2>/dev/null || true)
    if [ ! -e /usr/sbin/policy-rc.d ]; then        # Debian's nginx would start with a page of its own
        POLICY=1
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
        chmod 0755 /usr/sbin/policy-rc.d
    fi
    note "パッケージを入れます" "installing packages"
    DEBIAN_FRONTEND=noninteractive "${apt[@]}" --no-remove --reinstall install "$WANT=$version" "sekisho=$version" >"$WORK/log" 2>&1 ||
        { tail -n 25 "$WORK/log" >&2; die "パッケージを入れられません（上の行）" "packages could not be installed (see above)"; }
    if [ "$WANT" = sekisho-server ] && [ "$nginx_before" != installed ] && command -v systemctl >/dev/null; then
        systemctl -q disable nginx.service 2>/dev/null || note "nginx.service を止めてください" "disable nginx.service"
    fi
}

migrate() {
    [ "$WANT" = sekisho-server ] && [ -e "$DATA/office/sekisho.db" ] || return 0
    sekishod upgrade "$DATA" || die "データをこの版の形にできません。データは前のままです" "the data could not be made this version's; it is as it was"
    owners
}

next() {
    if [ "$WANT" = sekisho-gate ]; then
        cat <<'WORDS'
次に / next:   sekisho-gate enrol コード/CODE --state /var/lib/sekisho-gate
               systemctl enable --now sekisho-gate
WORDS
    elif [ -n "$RUNNING" ]; then
        RUNNING=''
        systemctl start sekisho.target
        note "起動しました" "started"
    elif [ ! -e "$DATA/office/sekisho.db" ]; then
        cat <<WORDS
次に / next:   sekishod init $DATA --pack /usr/share/sekisho/packs/mic-r4 …  (manual/ja/system.md, manual/en/system.md)
               systemctl enable --now sekisho.target
WORDS
    fi
}

while [ $# -gt 0 ]; do
    case "$1" in
    --gate)  WANT=sekisho-gate ;;
    --check) ONLY_CHECK=1 ;;
    --data)  DATA=${2:?--data DIR}; shift ;;
    --*)     sed -n 's/^# \{4\} *//p' "$0" | head -n 1 >&2; exit 2 ;;
    *)       TYPED="$TYPED$1" ;;
    esac
    shift
done

fingerprint_typed
signature_check
hashes_check
note "署名とすべてのファイルは正しい" "signature and every file are good"
[ -z "$ONLY_CHECK" ] || exit 0
machine_check
version_check
backup
packages
migrate
note "$WANT $(about version) が入りました" "installed"
next
