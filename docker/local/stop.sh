#!/usr/bin/env bash
# Stops what start.sh has started: the nodes at once (nobody is left to drain to), then HAProxy and PostgreSQL. The data stays in docker/local/run.
#
#   stop.sh            stops it
#   stop.sh --delete   and deletes the data and the logs
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

stop() {
  local part=$1 signal=$2 pid
  if is_running "$part"; then
    pid=$(<"$run/$part.pid")
    kill -CONT "$pid"
    kill "-$signal" "$pid"
    until_true 30 not_running "$part" || kill -KILL "$pid"
    until_true 5 not_running "$part" || echo "stop.sh: $part (process $pid) does not end" >&2
  fi
  rm -f "$run/$part.pid"
}
not_running() { ! is_running "$1"; }

stop haproxy TERM
for node in 1 2 3; do stop "node$node" KILL; done
stop postgres INT
if with_namespaces; then
  "$here/network.sh" down "$network"
  rm -f "$run/namespaces"
fi
if [[ ${1:-} == --delete ]]; then rm -rf "$run"; fi
