#!/usr/bin/env bash
# Breaks the cluster that start.sh has started, one thing after another, each mended before the next: kill -9, a clean restart, a freeze, and, where it runs
# in namespaces, partitions. Run a load through 127.0.0.1:1883 meanwhile, and count what it loses.
#
#   chaos.sh [SECONDS]     how long; 300 by default. SEED=N repeats an order.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

seconds=${1:-300}
RANDOM=${SEED:-$(date +%s)}
for node in 1 2 3; do is_running "node$node" || fail "node $node does not run: start.sh starts the cluster"; done
say() { printf '%6.1f s  %s\n' "$(elapsed)" "$*"; }
began=$(date +%s%N)
elapsed() { awk -v a="$began" -v b="$(date +%s%N)" 'BEGIN { print (b - a) / 1e9 }'; }

all_ready() { ready 1 && ready 2 && ready 3; }
not_running() { ! is_running "$1"; }

mend() {
  local node
  if with_namespaces; then "$here/network.sh" heal "$network"; fi
  for node in 1 2 3; do
    if is_running "node$node"; then kill -CONT "$(<"$run/node$node.pid")"; else start_node "$node"; fi
  done
  until_true 120 all_ready || fail "after 120 s the cluster is not whole again; the logs are in $run"
  say "whole"
}
# However it ends, nothing stays frozen or cut.
trap 'mend >/dev/null 2>&1 || true' EXIT

kinds=(kill restart freeze)
if with_namespaces; then kinds+=(isolate link database); fi
turn=0
while (($(date +%s%N) - began < seconds * 1000000000)); do
  kind=${kinds[turn % ${#kinds[@]}]}
  node=$((RANDOM % 3 + 1))
  other=$((node % 3 + 1))
  third=$((other % 3 + 1))
  pid=$(<"$run/node$node.pid")
  turn=$((turn + 1))
  case $kind in
    kill) say "kill -9 node $node"; kill -KILL "$pid"; sleep 5 ;;
    restart) say "stop node $node"; kill -TERM "$pid"; until_true 120 not_running "node$node" || fail "node $node does not end" ;;
    freeze) say "freeze node $node for 30 s"; kill -STOP "$pid"; sleep 30 ;;
    isolate) say "cut node $node from both others for 20 s"; "$here/network.sh" cut "$network" "$node" "$other"; "$here/network.sh" cut "$network" "$node" "$third"; sleep 20 ;;
    link) say "cut the link between nodes $node and $other for 20 s"; "$here/network.sh" cut "$network" "$node" "$other"; sleep 20 ;;
    database) say "cut node $node from the database for 20 s"; "$here/network.sh" cut "$network" "$node" db; sleep 20 ;;
  esac
  mend
  sleep 5
done
say "$turn faults"
