#!/usr/bin/env bash
# Training throughput, ours beside PyTorch's on the same machine in the same minutes: ResNet-20, batch 128, augmentation included.
#   benchmarks/throughput.sh [ROUNDS [THREADS]]     default: 5 rounds, all cores; about a minute and a half a round on two cores
# PYTHON names an interpreter that has torch (default: the system's python3). Writes artifacts/benchmarks/throughput.csv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly rounds=${1:-5} threads=${2:-$(nproc)} python=${PYTHON:-/usr/bin/python3} folder=artifacts/benchmarks
readonly csv=$folder/throughput.csv
mkdir -p "$folder"

pytorch() { "$python" benchmarks/throughput.py --threads "$threads" "$@" | tail -n 1; }

# The last of two epochs of 100 batches: the first one warms up.
ours() {
  ./run.sh train --network resnet20 --policy never --images 12800 --epochs 2 --batch 128 --threads "$threads" --device cpu --data shapes \
    --out "$folder/run" >"$folder/run.log" 2>&1 || { cat "$folder/run.log" >&2; exit 1; }
  sed -n 's/.*"imagesPerSecond": \([0-9.]*\).*/\1/p' "$folder/run/report.json" | tail -n 1
}

column() { awk -F, -v n="$1" 'NR > 1 { print $n }' "$csv" | sort -n; }
median() { column "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }
spread() { column "$1" | awk 'NR == 1 { low = $1 } { high = $1 } END { printf "%.0f to %.0f", low, high }'; }

./run.sh --version >/dev/null
echo "round,pytorch,pytorch_channels_last,ours" >"$csv"
for ((round = 1; round <= rounds; round++)); do
  # Who goes first alternates, so that a machine that warms up or slows down favours nobody.
  if ((round % 2)); then
    plain=$(pytorch) tuned=$(pytorch --tuned) mine=$(ours)
  else
    mine=$(ours) tuned=$(pytorch --tuned) plain=$(pytorch)
  fi
  echo "$round,$plain,$tuned,$mine" | tee -a "$csv" >&2
done

grep -m1 'model name' /proc/cpuinfo 2>/dev/null | sed 's/.*: //' || true
echo "$threads threads, $rounds rounds, $("$python" -c 'import torch; print("torch", torch.__version__)'), $(git rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
echo
echo "| training, images/s | median | range |"
echo "|---|---|---|"
echo "| PyTorch, NCHW | $(median 2) | $(spread 2) |"
echo "| PyTorch, channels-last | $(median 3) | $(spread 3) |"
echo "| ours | $(median 4) | $(spread 4) |"
echo
awk -v a="$(median 4)" -v b="$(median 2)" -v c="$(median 3)" 'BEGIN { printf "ours / PyTorch: %.2f (NCHW), %.2f (channels-last)\n", a / b, a / c }'
