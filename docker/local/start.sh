#!/usr/bin/env bash
# A cluster on this machine: PostgreSQL, three nodes and HAProxy, without containers. Clients connect to 127.0.0.1:1883.
#
#   start.sh                 nodes on 127.0.0.11, .12 and .13: MQTT on 1883, management on 8082, remoting on 4053
#   start.sh --namespaces    a network namespace each (10.99.0.1 to .3), whose links network.sh cuts; as root
#
# Everything it writes is in docker/local/run (or MQTT_LOCAL_RUN). stop.sh stops it.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

case "${1:-}" in
  "") ;;
  --namespaces) namespaces=yes ;;
  *) fail "unknown option $1; there is --namespaces" ;;
esac
need haproxy haproxy
need curl curl
need dotnet "the .NET 10 SDK (https://dot.net)"
initdb=$(postgres_program initdb)
postgres=$(postgres_program postgres)
for part in postgres haproxy node1 node2 node3; do
  is_running "$part" && fail "$part runs already (process $(<"$run/$part.pid")): stop.sh stops the cluster"
done

mkdir -p "$run"
rm -f "$run/namespaces"
if [[ ! ${namespaces:-} ]]; then
  # It would answer for nodes that could not start beside it.
  for node in 1 2 3; do ! ready "$node" || fail "a node answers at http://$(host "$node"):8082 already: another cluster runs on this machine"; done
fi
# What goes wrong on the way leaves nothing running.
trap 'echo "start.sh: it did not start; the logs are in $run" >&2; "$here/stop.sh" >/dev/null' ERR
if [[ ${namespaces:-} ]]; then
  "$here/network.sh" down "$network"
  "$here/network.sh" up "$network" "$subnet" 3
  touch "$run/namespaces"
fi

echo "building"
dotnet publish "$root/Broker.Node" -c Release -o "$run/bin" --nologo -v quiet

if [[ ! -d $run/postgres ]]; then
  mkdir "$run/postgres"
  if [[ $(id -u) -eq 0 ]]; then chown nobody "$run/postgres"; fi
  "${as_owner[@]}" "$initdb" -D "$run/postgres" -U mqtt -A trust -E UTF8 --locale=C >"$run/postgres.log"
  echo "host all all $subnet.0/24 trust" >>"$run/postgres/pg_hba.conf"
fi
listen=127.0.0.1
if with_namespaces; then listen+=",$(database_host)"; fi
# exec: the process that stop.sh signals is the server itself.
(cd / && exec "${as_owner[@]}" "$postgres" -D "$run/postgres" -h "$listen" -p "$database_port" -k '' >>"$run/postgres.log" 2>&1 </dev/null) &
echo $! >"$run/postgres.pid"

for node in 1 2 3; do start_node "$node"; done

LISTEN=127.0.0.1:1883 INTERVAL=5s \
  NODE1="$(host 1):1883" READY_HOST1=$(host 1) READY_PORT1=8082 \
  NODE2="$(host 2):1883" READY_HOST2=$(host 2) READY_PORT2=8082 \
  NODE3="$(host 3):1883" READY_HOST3=$(host 3) READY_PORT3=8082 \
  nohup haproxy -db -f "$here/haproxy.cfg" >>"$run/haproxy.log" 2>&1 </dev/null &
echo $! >"$run/haproxy.pid"

# A node that has ended is not waited for.
settled() { ready "$1" || ! is_running "node$1"; }
for node in 1 2 3; do
  { until_true 90 settled "$node" && is_running "node$node"; } || { echo "start.sh: node $node is not ready; its log is $run/node$node.log" >&2; false; }
done
is_running haproxy || { echo "start.sh: haproxy has ended; its log is $run/haproxy.log" >&2; false; }

# HAProxy has to find out that nodes are ready, and ends connections at once until then; a node waits for CONNECT.
forwards() {
  local status=0
  { read -r -t 0.5 -n 1 <&3; } 3<>/dev/tcp/127.0.0.1/1883 || status=$?
  ((status > 128))
}
until_true 30 forwards || { echo "start.sh: haproxy passes no connection on; its log is $run/haproxy.log" >&2; false; }
echo "MQTT:        127.0.0.1:1883 (HAProxy); the nodes: $(host 1):1883 $(host 2):1883 $(host 3):1883"
if with_namespaces; then
  echo "Management:  http://$(host 1):8082/ha, /ready; everything else for the node's own address and with a token alone: docs/operations.md"
else
  echo "Management:  http://$(host 1):8082/cluster/members, /ha, /ready; the same on $(host 2) and $(host 3)"
fi
echo "Look at it:  dotnet $run/bin/Broker.Node.dll ctl nodes --url http://$(host 1):8082"
echo "Logs:        $run/*.log"
