#!/usr/bin/env bash
# A network of nodes on one machine whose links can be cut: one network namespace a node, joined by a bridge. Linux, as root.
#
#   network.sh up NAME SUBNET COUNT   namespaces mqNAME-1 ... mqNAME-COUNT with SUBNET.1 ... SUBNET.COUNT; this machine is SUBNET.254, its database SUBNET.253
#   network.sh cut NAME A B           nothing reaches B from A nor A from B; each is a node's number, B may be "db"
#   network.sh heal NAME              every link works again
#   network.sh down NAME              nothing is left; no error where nothing was
#   network.sh sweep                  takes down networks named after a process that is gone
#
# Example: network.sh up demo 10.99.0 3; ip netns exec mqdemo-1 COMMAND
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"

fail() { echo "network.sh: $*" >&2; exit 1; }
command -v ip >/dev/null || fail "ip is missing (Debian's package iproute2)"
[[ $(id -u) -eq 0 ]] || fail "network namespaces need root: run this as root or with sudo"

namespaces() { ip netns list | awk '{ print $1 }' | grep -E "^mq$1-[0-9]+\$" || true; }
subnet() { ip -4 -o address show dev "mq$1" | awk '{ print $4 }' | sed -n 's/\.254\/24$//p'; }

down() {
  local namespace
  for namespace in $(namespaces "$1"); do
    # Its end of the pair of interfaces goes with it, and the other end with that, once no process is in it any more.
    ip netns delete "$namespace"
    ip link delete "$namespace" 2>/dev/null || true
  done
  if ip link show dev "mq$1" >/dev/null 2>&1; then ip link delete "mq$1"; fi
}

up() {
  local name=$1 subnet=$2 count=$3 bridge="mq$1" node
  ((${#bridge} <= 12)) || fail "the name $name is too long: at most 10 characters"
  trap 'down "$name"' ERR
  ip link add "$bridge" type bridge
  ip address add "$subnet.254/24" dev "$bridge"
  ip address add "$subnet.253/24" dev "$bridge"
  ip link set "$bridge" up
  for ((node = 1; node <= count; node++)); do
    ip netns add "$bridge-$node"
    ip link add "$bridge-$node" type veth peer name eth0 netns "$bridge-$node"
    ip link set "$bridge-$node" master "$bridge" up
    ip -n "$bridge-$node" link set lo up
    ip -n "$bridge-$node" address add "$subnet.$node/24" dev eth0
    ip -n "$bridge-$node" link set eth0 up
  done
}

# Packets to an address that nobody has vanish without an error, as behind a broken switch: a route that refuses would say so.
silence() { ip -n "mq$1-$2" neighbour replace "$3" lladdr 02:00:00:00:00:01 dev eth0 nud permanent; }

cut() {
  local name=$1 a=$2 b=$3 net
  net=$(subnet "$name")
  [[ -n $net ]] || fail "there is no network $name"
  if [[ $b == db ]]; then
    silence "$name" "$a" "$net.253"
  else
    silence "$name" "$a" "$net.$b"
    silence "$name" "$b" "$net.$a"
  fi
}

heal() {
  local namespace address
  for namespace in $(namespaces "$1"); do
    for address in $(ip -n "$namespace" neighbour show nud permanent | awk '{ print $1 }'); do
      ip -n "$namespace" neighbour delete "$address" dev eth0
    done
  done
}

sweep() {
  local name
  # Where a run of the specs was killed; they name their networks after their process.
  for name in $(ip -o link show type bridge | sed -n 's/^[0-9]*: mq\([0-9][0-9]*\)[:@].*/\1/p'); do
    [[ -e /proc/$name ]] || down "$name"
  done
}

case "${1:-} $#" in
  "up 4") up "$2" "$3" "$4" ;;
  "cut 4") cut "$2" "$3" "$4" ;;
  "heal 2") heal "$2" ;;
  "down 2") down "$2" ;;
  "sweep 1") sweep ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
