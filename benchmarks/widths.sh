#!/usr/bin/env bash
# What a step of widths costs and gives: ResNet-20 pruned to half of its channels at once, with widths in steps of 1, 4, 8 and 16, and dense.
#   benchmarks/widths.sh [ROUNDS]     default: 3 rounds of about two minutes
# Training images/s are those of the last of four epochs of 50 batches of drawn images. Writes artifacts/benchmarks/widths.csv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly rounds=${1:-3} folder=artifacts/benchmarks csv=artifacts/benchmarks/widths.csv
mkdir -p "$folder"
./run.sh --version >/dev/null

train() {
  ./run.sh train --limit 6400 --epochs 4 --data shapes --device cpu --out "$folder/widths" "$@" >"$folder/widths.log" 2>&1 || { cat "$folder/widths.log" >&2; exit 1; }
  awk -F'[:,]' '/"imagesPerSecond"/ { speed = $2 } /"parameters"/ { p = $2 } /"macs"/ { m = $2 } /"latencyMs"/ { l = $2 } END { printf "%d,%d,%.0f,%.2f\n", p, m, speed, l }' "$folder/widths/report.json"
}

echo "round,widths,parameters,macs,training images/s,latency ms" >"$csv"
for ((round = 1; round <= rounds; round++)); do
  echo "$round,dense,$(train --policy never)" | tee -a "$csv"
  for step in 1 4 8 16; do echo "$round,steps of $step,$(train --policy epoch:1 --round-to "$step")" | tee -a "$csv"; done
done
