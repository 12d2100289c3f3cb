#!/bin/sh
# PostgreSQL in a private folder: `server.sh make FOLDER`, then `server.sh run FOLDER PORT`. It refuses to run as root, so root
# gives the folder to the user `postgres` and becomes that user; anybody else stays who they are.
set -eu
task=$1 folder=$2 port=${3:-}
# Debian keeps the server's own programs, initdb among them, out of PATH.
newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
PATH=${newest:+$newest:}$PATH
as=
if [ "$(id -u)" = 0 ]; then
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
cd /
case $task in
make)
    if [ -n "$as" ]; then install -d -o postgres -g postgres -m 0700 "$folder"; fi
    exec $as initdb --pgdata "$folder" --username postgres --auth trust --encoding UTF8 --locale C --data-checksums
    ;;
run)
    exec $as postgres -D "$folder" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
        -c synchronous_commit="${SYNCHRONOUS_COMMIT:-on}" -c fsync=on -c full_page_writes=on
    ;;
*)
    echo "server.sh: make or run, not $task" >&2
    exit 2
    ;;
esac
