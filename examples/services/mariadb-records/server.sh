#!/bin/sh
# MariaDB in a private folder: `server.sh make FOLDER`, then `server.sh run FOLDER PORT`. It runs as root only when told to, so
# root gives the folder to the user `mysql` and becomes that user; anybody else stays who they are.
set -eu
task=$1 folder=$2 port=${3:-}
PATH=$PATH:/usr/sbin
as=
if [ "$(id -u)" = 0 ]; then
    as="setpriv --reuid=mysql --regid=mysql --clear-groups"
fi
case $task in
make)
    if [ -n "$as" ]; then install -d -o mysql -g mysql -m 0700 "$folder"; fi
    $as mariadb-install-db --no-defaults --datadir="$folder" --auth-root-authentication-method=normal --skip-test-db
    # Loopback only, for as long as the benchmark runs: root has no password.
    printf 'CREATE DATABASE IF NOT EXISTS records;\n' > "$folder/init.sql"
    chmod a+r "$folder/init.sql"
    ;;
run)
    exec $as mariadbd --no-defaults --datadir="$folder" --port="$port" --bind-address=127.0.0.1 --socket="$folder/socket" \
        --pid-file="$folder/pid" --init-file="$folder/init.sql" --character-set-server=utf8mb4 --skip-name-resolve \
        --skip-log-bin --innodb-flush-log-at-trx-commit="${FLUSH_LOG_AT_TRX_COMMIT:-1}"
    ;;
*)
    echo "server.sh: make or run, not $task" >&2
    exit 2
    ;;
esac
