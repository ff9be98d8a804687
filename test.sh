#!/usr/bin/env bash
# Runs every spec. Installs what the specs need and is missing: by apt, as root or with sudo.
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only if some passed and none failed.
#
#   bash test.sh                    all specs
#   bash test.sh --long             and the campaigns that take long
#   bash test.sh --filter EXPR      some of them, as in dotnet test --filter
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
exec </dev/null
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Debian keeps daemons where only root looks.
export PATH="$PATH:/usr/sbin:/sbin"

hang_timeout=3m
expression=
while (($#)); do
  case "$1" in
    --long) export MQTT_LONG=1; hang_timeout=30m; shift ;;
    --filter) [[ $# -ge 2 ]] || { echo "--filter needs an expression, for example --filter FullyQualifiedName~Codec" >&2; exit 2; }
      expression=$2; shift 2 ;;
    *) echo "unknown option $1; there are --long and --filter EXPR" >&2; exit 2 ;;
  esac
done

# Sets `missing` to the Debian packages whose tools are not there.
find_missing() {
  missing=()
  command -v mosquitto >/dev/null || missing+=(mosquitto)
  command -v mosquitto_pub >/dev/null || missing+=(mosquitto-clients)
  command -v openssl >/dev/null || missing+=(openssl)
  # Debian's own Python, which Debian's paho belongs to.
  /usr/bin/python3 -c 'import paho.mqtt.client' 2>/dev/null || missing+=(python3-paho-mqtt)
  # paho C, and what compiles the client on it.
  command -v gcc >/dev/null || missing+=(gcc)
  [[ -e /usr/include/stdio.h ]] || missing+=(libc6-dev)
  [[ -e /usr/include/MQTTClient.h ]] || missing+=(libpaho-mqtt-dev)
  # Debian keeps PostgreSQL's programs by version, out of PATH.
  command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
  command -v mariadbd >/dev/null || missing+=(mariadb-server)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  # The browser that MQTT.js runs in.
  command -v chromium >/dev/null || missing+=(chromium)
  # The load balancer, and the network namespaces of the cluster specs.
  command -v haproxy >/dev/null || missing+=(haproxy)
  command -v ip >/dev/null || missing+=(iproute2)
}

install_missing() {
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as_root=(sudo -n)
    else
      echo "missing: ${missing[*]}. Install them (apt-get install ${missing[*]}), or run this as root or with sudo." >&2
      exit 1
    fi
  fi
  command -v apt-get >/dev/null || { echo "missing: ${missing[*]}. There is no apt-get here to install them with." >&2; exit 1; }

  echo "installing: ${missing[*]}"
  # Installing must not start services: Debian's mosquitto would take port 1883 now and at each boot, its databases theirs.
  local policy=/usr/sbin/policy-rc.d ours=no status=0
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod +x "$policy"
    ours=yes
  fi
  { "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; } || status=$?
  if [[ $ours == yes ]]; then "${as_root[@]}" rm -f "$policy"; fi
  if command -v systemctl >/dev/null; then
    for service in mosquitto postgresql mariadb haproxy; do
      [[ " ${missing[*]} " == *" $service"* ]] || continue
      # Fails where systemd is installed but does not run: then nothing has been enabled either.
      "${as_root[@]}" systemctl disable --now "$service" >/dev/null 2>&1 || true
    done
  fi
  ((status == 0)) || { echo "apt-get could not install: ${missing[*]}" >&2; exit "$status"; }
}

command -v dotnet >/dev/null || { echo "missing: the .NET SDK $(sed -n 's/.*"version": "\(.*\)".*/\1/p' global.json) or later (https://dot.net)." >&2; exit 1; }
find_missing
if ((${#missing[@]})); then
  install_missing
  find_missing
  if ((${#missing[@]})); then echo "still missing after installing: ${missing[*]}" >&2; exit 1; fi
fi

# Clients from npm (MQTT.js), beside the package.json that names them.
while IFS= read -r package; do
  folder=$(dirname "$package")
  if [[ ! $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]]; then
    echo "installing what $package names"
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
  fi
done < <(find Broker.Specs \( -name node_modules -o -name bin -o -name obj \) -prune -o -name package.json -print)

# What the bill of materials is written with, and what is on it.
dotnet tool restore >/dev/null
dotnet restore Akka.Mqtt.sln --verbosity quiet

filter=()
[[ -z $expression ]] || filter=(--filter "$expression")

results=TestResults
rm -rf "$results"
status=0
# Started in the background by a script it would inherit that SIGINT is ignored, and so would the brokers that specs interrupt.
env --default-signal=INT dotnet test Broker.Specs -c Release "${filter[@]}" --results-directory "$results" \
  --logger "trx;LogFileName=specs.trx" --logger "console;verbosity=normal" \
  --blame-hang --blame-hang-timeout "$hang_timeout" --blame-hang-dump-type none || status=$?

# Adds up one of the counters of all result files.
sum() { cat "$results"/*.trx 2>/dev/null | sed -n "s/.*<Counters .*\b$1=\"\([0-9]*\)\".*/\1/p" | awk '{ n += $1 } END { print n + 0 }'; }
passed=$(sum passed)
failed=$(($(sum failed) + $(sum error) + $(sum timeout) + $(sum aborted)))
skipped=$(($(sum total) - $(sum executed)))
if ((status != 0 && failed == 0)); then
  echo "the run ended before its specs did (exit code $status)" >&2
  failed=1
fi
if ((passed + failed == 0)); then echo "no spec ran" >&2; fi
# Why, last: a long run's output is often kept by its end only. The standard library of the Python that paho needs reads the result files.
((failed == 0)) || /usr/bin/python3 - "$results"/*.trx <<'SUMMARY' || true
import sys, xml.etree.ElementTree as tree
space = '{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}'
for file in sys.argv[1:]:
    for result in tree.parse(file).iter(space + 'UnitTestResult'):
        if result.get('outcome') == 'Failed':
            said = [part.text or '' for part in (result.find(f'.//{space}Message'), result.find(f'{space}Output/{space}StdOut')) if part is not None]
            lines = '\n'.join(said).splitlines()
            shown = lines if len(lines) <= 60 else lines[:50] + [f'... {len(lines) - 60} more lines in {file} ...'] + lines[-10:]
            print('FAILED', result.get('testName'), *('    ' + line[:400] for line in shown), sep='\n')
SUMMARY
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
