# Where everything of the cluster on this machine is. Read by the scripts beside it.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
run=${MQTT_LOCAL_RUN:-$here/run}
network=local
subnet=10.99.0

fail() { echo "$(basename "$0"): $*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || fail "$1 is missing: install Debian's package $2"; }

# Whether the process named in a file still runs.
is_running() { [[ -s $run/$1.pid ]] && kill -0 "$(<"$run/$1.pid")" 2>/dev/null; }

# A node's address: in namespaces each has its own network, otherwise all are on loopback.
with_namespaces() { [[ -e $run/namespaces ]]; }
host() { if with_namespaces; then echo "$subnet.$1"; else echo "127.0.0.1$1"; fi; }
database_host() { if with_namespaces; then echo "$subnet.253"; else echo 127.0.0.1; fi; }
database_port=54329

postgres_program() {
  local found
  found=$(command -v "$1" || compgen -G "/usr/lib/postgresql/*/bin/$1" | sort -V | tail -1) || true
  [[ -n $found ]] || fail "$1 is missing: install Debian's package postgresql"
  echo "$found"
}

# What goes before PostgreSQL's programs, which do not run as root.
as_owner=()
if [[ $(id -u) -eq 0 ]]; then as_owner=(setpriv --reuid=nobody --regid=nogroup --clear-groups); fi

start_node() {
  local number=$1 address prefix=()
  address=$(host "$number")
  if with_namespaces; then prefix=(ip netns exec "mq$network-$number"); fi
  mkdir -p "$run/node$number"
  (
    cd "$run/node$number"
    MQTT__STORAGE__CONNECTION_STRING="Host=$(database_host);Port=$database_port;Username=mqtt;Database=postgres;Timeout=5" \
      nohup "${prefix[@]}" dotnet "$run/bin/Broker.Node.dll" run --config "$run/bin/hocon/cluster.conf" \
      --set mqtt.storage.provider=postgresql \
      --set mqtt.security.allow-anonymous=on \
      --set "mqtt.listeners.tcp.host=$address" \
      --set "mqtt.management.host=$address" \
      --set "akka.remote.dot-netty.tcp.hostname=$address" \
      >>"$run/node$number.log" 2>&1 </dev/null &
    echo $! >"$run/node$number.pid"
  )
}

ready() { [[ $(curl -s -m 2 -o /dev/null -w '%{http_code}' "http://$(host "$1"):8082/ready") == 200 ]]; }

# Waits until a command succeeds, at most so many seconds.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.2
  done
}
