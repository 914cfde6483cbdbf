#!/usr/bin/env bash
# Peak memory of a run, and whether it grows: resident memory at the end of each epoch of a ResNet-20 that is pruned on the way.
#   PAT_DATA=PATH benchmarks/training/memory.sh [EPOCHS [OPTION...]]     default: 50 epochs of all images (about 30 minutes on two cores); options go to train, such as --limit 5000
# Linux: reads /proc. Writes artifacts/benchmarks/memory.csv: epoch, megabytes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly epochs=${1:-50} folder=artifacts/benchmarks
(($# == 0)) || shift
: "${PAT_DATA:?give the images}"
mkdir -p "$folder"
./run.sh --version >/dev/null
./run.sh train --network resnet20 --epochs "$epochs" --batch 128 --data "$PAT_DATA" --device cpu --out "$folder/memory" "$@" >"$folder/memory.log" 2>"$folder/memory.progress" &
readonly run=$!
trap 'kill $run 2>/dev/null || true' EXIT
echo "epoch,megabytes" >"$folder/memory.csv"
touch "$folder/memory.progress"
peak=0 seen=0
while kill -0 $run 2>/dev/null; do
  now=$(awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$run/status" 2>/dev/null || true)
  peak=${now:-$peak}
  ended=$(grep -c 'images/s' "$folder/memory.progress" || true)
  if ((ended > seen)); then
    seen=$ended
    echo "$seen,$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$run/status" 2>/dev/null || true)" >>"$folder/memory.csv"
  fi
  sleep 0.2
done
trap - EXIT
wait $run || { cat "$folder/memory.progress" >&2; exit 1; }
awk -F, -v peak="$peak" 'NR > 1 && $2 > 0 { m[++n] = $2 } END {
  printf "%d epochs, peak %d MB; at the ends of epochs: %d MB after the first, %d after the middle one, %d after the last\n", n, peak, m[1], m[int((n + 1) / 2)], m[n] }' "$folder/memory.csv"
