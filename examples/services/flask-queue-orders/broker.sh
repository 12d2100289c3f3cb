#!/bin/sh
# RabbitMQ in a private folder: `broker.sh make FOLDER`, then `broker.sh run FOLDER PORT DISTRIBUTION_PORT EPMD_PORT`. Debian's
# program wants to be root or `rabbitmq`: root gives the folder to that user and becomes it; anybody else starts the server itself.
set -eu
task=$1 folder=$2
as= program=/usr/lib/rabbitmq/bin/rabbitmq-server
if [ "$(id -u)" = 0 ]; then
    as="setpriv --reuid=rabbitmq --regid=rabbitmq --clear-groups"
fi
case $task in
make)
    if [ -n "$as" ]; then install -d -o rabbitmq -g rabbitmq -m 0700 "$folder"; else mkdir -m 0700 "$folder"; fi
    ;;
run)
    # Its own name, ports, cookie and files: nothing is shared with a broker that the machine may have.
    export HOME="$folder" RABBITMQ_NODENAME="weigh$3@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$3" \
        RABBITMQ_DIST_PORT="$4" ERL_EPMD_PORT="$5" ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_BASE="$folder" RABBITMQ_MNESIA_BASE="$folder/mnesia" RABBITMQ_LOG_BASE="$folder/log" RABBITMQ_PID_FILE="$folder/pid" \
        RABBITMQ_CONFIG_FILE="$folder/rabbitmq" RABBITMQ_ADVANCED_CONFIG_FILE="$folder/advanced" RABBITMQ_CONF_ENV_FILE="$folder/env" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$folder/plugins" RABBITMQ_LOGS=- RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
    cd "$folder"
    exec $as "$program"
    ;;
*)
    echo "broker.sh: make or run, not $task" >&2
    exit 2
    ;;
esac
