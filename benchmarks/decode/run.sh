#!/usr/bin/env bash
# Seconds to decode JPEG files in memory, ours beside torchvision's on the same files and threads, taking turns: 50,000 of 32x32 and 5,000 of 224x224.
# usage: run.sh [ROUNDS] [THREADS] [SHARE]     default: 5 rounds, all cores, SHARE 1; 0.01 decodes a hundredth of the files, to try the script
# PYTHON names an interpreter that has torchvision (default: the system's python3). Writes artifacts/benchmarks/decode.csv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly rounds=${1:-5} threads=${2:-$(nproc)} share=${3:-1} python=${PYTHON:-/usr/bin/python3} folder=artifacts/benchmarks
readonly csv=$folder/decode.csv program=benchmarks/decode/bin/Release/net10.0/Decode.Benchmark
dotnet build benchmarks/decode -c Release -v q -nologo >&2
mkdir -p "$folder"

echo "side,count,round,torchvision,ours" >"$csv"
for side in 32 224; do
  count=$(awk -v side="$side" -v share="$share" 'BEGIN { printf "%d", share * (side == 32 ? 50000 : 5000) }')
  files=$folder/decode-$side
  "$program" "$files" "$side" 1 "$threads" >/dev/null # writes the files
  for ((round = 1; round <= rounds; round++)); do
    if ((round % 2)); then
      theirs=$("$python" benchmarks/decode/decode.py "$files" "$count" "$threads") mine=$("$program" "$files" "$side" "$count" "$threads")
    else
      mine=$("$program" "$files" "$side" "$count" "$threads") theirs=$("$python" benchmarks/decode/decode.py "$files" "$count" "$threads")
    fi
    echo "$side,$count,$round,$theirs,$mine" | tee -a "$csv" >&2
  done
done

median() { awk -F, -v side="$1" -v n="$2" '$1 == side { print $n }' "$csv" | sort -n | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }
spread() { awk -F, -v side="$1" -v n="$2" '$1 == side { print $n }' "$csv" | sort -n | awk 'NR == 1 { low = $1 } { high = $1 } END { printf "%.2f to %.2f", low, high }'; }
grep -m1 'model name' /proc/cpuinfo 2>/dev/null | sed 's/.*: //' || true
echo "$threads threads, $rounds rounds, $("$python" -c 'import torchvision; print("torchvision", torchvision.__version__)'), $(git rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
echo
echo "| JPEG files | seconds, ours (range) | seconds, torchvision (range) |"
echo "|---|---|---|"
for side in 32 224; do
  echo "| $(awk -F, -v side="$side" '$1 == side { print $2; exit }' "$csv") of ${side}x$side | $(median "$side" 5) ($(spread "$side" 5)) | $(median "$side" 4) ($(spread "$side" 4)) |"
done
