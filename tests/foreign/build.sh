#!/bin/sh
# build.sh OUT [SOURCE]: compile verify.go (or SOURCE beside it) to OUT with Debian's Go and Debian's golang.org/x/mod, without network or modules.
# Exit 77: they are not installed (golang-1.19-go, golang-golang-x-mod-dev).
set -eu
go=/usr/lib/go-1.19/bin/go
here=$(dirname "$0")
source=$here/${2:-verify.go}
if [ ! -x "$go" ] || [ ! -d /usr/share/gocode/src/golang.org/x/mod/sumdb ]; then
        echo "golang-1.19-go or golang-golang-x-mod-dev is not installed" >&2
        exit 77
fi
[ "$1" -nt "$source" ] && exit 0
GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$(dirname "$(realpath -m "$1")")/go-cache" GOFLAGS=-p=2 CGO_ENABLED=0 \
        exec "$go" build -o "$1" "$source"
