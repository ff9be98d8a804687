#!/usr/bin/env bash
# Compares what a message costs with another broker, in turns within one run, and prints a Markdown table of medians.
#
#   MQLOAD=path/to/mqload Broker.Bench/compare.sh 'COMMAND THAT STARTS THE OTHER BROKER ON $PORT' [runs]
#
# The load generator is asked for one JSON object a run (broker_cpu_us_per_delivered and others). Runs during which the rest of the
# machine was busy (other_cpu_cores above 0.25) are left out, and said so. Ports 21883 and 21884 of 127.0.0.1 are used.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mqload=${MQLOAD:?the path of mqload}
other=${1:?a command that starts the other broker on \$PORT, in the foreground}
runs=${2:-5}
work=$(mktemp -d)
ulimit -n "$(ulimit -Hn)"

start_ours() {
  dotnet "$here/Broker.Node/bin/Release/net10.0/Broker.Node.dll" --set mqtt.listeners.tcp.host=127.0.0.1 --set mqtt.listeners.tcp.port=21883 \
    --set mqtt.management.port=0 --set "mqtt.data-directory=$work/data" --set mqtt.logging.level=warning \
    --set mqtt.limits.max-subscriptions=0 >"$work/ours.log" 2>&1 &
  ours=$!
  for _ in $(seq 100); do grep -q 'Try it' "$work/ours.log" && return; sleep 0.1; done
  cat "$work/ours.log"; exit 1
}
start_other() {
  PORT=21884 bash -c "exec $other" >"$work/other.log" 2>&1 &
  theirs=$!
  for _ in $(seq 100); do (exec 3<>/dev/tcp/127.0.0.1/21884) 2>/dev/null && return; sleep 0.1; done
  cat "$work/other.log"; exit 1
}
stop() { kill "$1" 2>/dev/null || true; wait "$1" 2>/dev/null || true; }
trap 'stop "${ours:-}"; stop "${theirs:-}"; rm -rf "$work"' EXIT

scenarios=(
  'pairs --pubs 100 --subs 100 --qos 0 --window 64'
  'pairs --pubs 100 --subs 100 --qos 1 --window 16'
  'pairs --pubs 100 --subs 100 --qos 2 --window 16'
  'pairs --pubs 100 --subs 100 --qos 0 --window 1 --batch 1'
  'fanout --pubs 1 --subs 500 --window 4'
  'fanin --pubs 500 --subs 1 --window 8'
  'wildcard --subs 50 --pubs 50 --subscriptions 100000'
)

start_ours
start_other
for run in $(seq "$runs"); do
  for index in "${!scenarios[@]}"; do
    for broker in "ours 21883 $ours" "other 21884 $theirs"; do
      read -r name port pid <<<"$broker"
      # shellcheck disable=SC2086
      "$mqload" ${scenarios[$index]} --size 64 --port "$port" --broker-pid "$pid" --duration 2 --warmup 1 --quiet \
        >"$work/$name-$index-$run.json" 2>>"$work/errors.txt" || echo "failed: $name ${scenarios[$index]}" >&2
    done
  done
done
stop "$ours"; stop "$theirs"

for run in $(seq "$runs"); do
  for name in ours other; do
    if [[ $name == ours ]]; then start_ours; port=21883 pid=$ours; else start_other; port=21884 pid=$theirs; fi
    "$mqload" idle --connections 5000 --subscribe 1 --port "$port" --broker-pid "$pid" --duration 3 --quiet >"$work/$name-idle-$run.json" || true
    stop "$pid"
  done
done

python3 - "$work" "$runs" "${scenarios[@]}" <<'PY'
import json, statistics, sys

work, runs, scenarios = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
left_out = 0

def read(name, key, figure):
    global left_out
    values = []
    for run in range(1, runs + 1):
        with open(f"{work}/{name}-{key}-{run}.json") as file:
            text = file.read()
        if not text.strip():
            continue
        result = json.loads(text)
        if not result["ok"]:
            sys.exit(f"{name} {key}: {result['failure']}")
        if (result["other_cpu_cores"] or 0) > 0.25:
            left_out += 1
            continue
        if result[figure] is not None:
            values.append(result[figure])
    return values

print("| scenario | other, µs a delivered message | ours | ratio |\n|---|---|---|---|")
for index, scenario in enumerate(scenarios):
    ours, other = read("ours", index, "broker_cpu_us_per_delivered"), read("other", index, "broker_cpu_us_per_delivered")
    if ours and other:
        a, b = statistics.median(ours), statistics.median(other)
        print(f"| `{scenario}` | {b:.2f} | {a:.2f} ({min(ours):.2f} – {max(ours):.2f}) | **{a / b:.2f}** |")
    else:
        print(f"| `{scenario}` | – | – | no quiet run |")
ours, other = read("ours", "idle", "broker_rss_per_conn_bytes"), read("other", "idle", "broker_rss_per_conn_bytes")
if ours and other:
    print(f"| `idle --connections 5000 --subscribe 1`, KB a connection | {statistics.median(other) / 1024:.1f} | {statistics.median(ours) / 1024:.1f} | |")
print(f"\n{runs} runs each; {left_out} left out because the machine was busy with something else.")
PY
