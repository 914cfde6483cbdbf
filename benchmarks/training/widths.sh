#!/usr/bin/env bash
# What a width step costs in training and in scoring, here and in ONNX Runtime: networks whose groups keep 30% to 70% of
# their channels (drawn), rounded to steps of 1, 2, 4, 8 and 16, beside the dense network, all timed in turns.
#   benchmarks/training/widths.sh [SEEDS [THREADS]]     default: 3 draws, 1 thread; about two minutes
# Writes docs/results/data/widths.csv: least milliseconds of a training step and of scoring one image.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly seeds=${1:-3} threads=${2:-1} csv=docs/results/data/widths.csv
readonly program=artifacts/bin/Training.Benchmark/release/Training.Benchmark
export OMP_WAIT_POLICY=passive OMP_NUM_THREADS=$threads
dotnet build benchmarks/training -c Release -v q -nologo >&2

echo "network,seed,step,parameters,macs,training_ms,scoring_ms,onnx_runtime_ms" >"$csv"
while read -r network size batch; do
  for ((seed = 1; seed <= seeds; seed++)); do
    "$program" widths "$network" "$size" "$batch" "$threads" "$seed" 8 | tee -a "$csv"
  done
done <<'NETWORKS'
resnet20 32 128
resnet18 64 32
mobilenet_v1_x0_5 32 128
mobilenet_v2 64 32
vgg11-bn-cifar 32 64
NETWORKS
