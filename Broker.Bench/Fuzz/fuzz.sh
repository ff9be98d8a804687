#!/usr/bin/env bash
# Fuzzes the codec, guided by coverage (SharpFuzz and AFL++), and puts what reaches something new into the corpus of the specs.
# Takes one processor, at a low priority. Needs Debian's afl++. Never touches what is built: an instrumented copy runs, in a folder of its own.
#
#   Broker.Bench/Fuzz/fuzz.sh [SECONDS]     3,600 unless it says otherwise; exit code 1 where something was found
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec </dev/null

seconds=${1:-3600}
corpus=Broker.Specs/Protocol/Fuzz/corpus.txt
for tool in afl-fuzz afl-cmin; do
  command -v "$tool" >/dev/null || { echo "missing: $tool. Install it: apt-get install afl++" >&2; exit 2; }
done
work=$(mktemp -d -t mqtt-fuzz.XXXXXX)
echo "in $work"

dotnet build Broker.Bench -c Release --nologo -v quiet
cp -r Broker.Bench/bin/Release/net10.0 "$work/program"
bench() { dotnet Broker.Bench/bin/Release/net10.0/Broker.Bench.dll fuzz "$@"; }
bench seeds "$work/seeds"
bench instrument "$work/program/Broker.Protocol.dll"

# The program is dotnet, which AFL finds no instrumentation in; the machine's settings stay as they are.
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_ALLOW_TMP=1
one_processor=(nice -n 15 taskset -c "$(taskset -cp $$ | sed 's/.*[ ,-]//')")
target=(dotnet "$work/program/Broker.Bench.dll" fuzz target)
"${one_processor[@]}" afl-fuzz -V "$seconds" -G 1024 -t 10000 -m none -i "$work/seeds" -o "$work/out" -- "${target[@]}" >"$work/afl-fuzz.log"
"${one_processor[@]}" afl-cmin -t 10000 -m none -i "$work/out/default/queue" -o "$work/minimal" -- "${target[@]}" >"$work/afl-cmin.log"
bench collect "$work/minimal" "$corpus"

grep -E 'run_time|execs_done|execs_per_sec|corpus_count|bitmap_cvg|edges_found|saved_crashes|saved_hangs|stability' "$work/out/default/fuzzer_stats"
found=$(find "$work/out/default/crashes" "$work/out/default/hangs" -name 'id:*' | wc -l)
echo "$found findings in $work/out/default/{crashes,hangs}; show one: dotnet $work/program/Broker.Bench.dll fuzz target < FILE"
((found == 0))
