#!/usr/bin/env bash
# Training throughput after half of the channels went: beside the dense network in the same process, and beside the same compact network in a
# process that never had another one. ResNet-20 at batch 128, and ResNet-18 with the CIFAR stem at batch 128, both at 32x32.
#   benchmarks/training/after-cut.sh [ROUNDS [THREADS [WINDOWS [STEPS]]]]     default: 5 rounds, all cores, 5 windows of 20 steps; about 10 minutes a round on two cores
# NETWORKS="resnet20" measures some only. Writes artifacts/benchmarks/after-cut.csv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly rounds=${1:-5} threads=${2:-$(nproc)} windows=${3:-5} steps=${4:-20} folder=artifacts/benchmarks
readonly csv=$folder/after-cut.csv program=artifacts/bin/Training.Benchmark/release/Training.Benchmark
export OMP_WAIT_POLICY=passive
dotnet build benchmarks/training -c Release -v q -nologo >&2
mkdir -p "$folder"

echo "network,round,dense,from scratch,ours" >"$csv"
for ((round = 1; round <= rounds; round++)); do
  for network in ${NETWORKS:-resnet20 resnet18-cifar-stem}; do
    both=$("$program" after-cut "$network" 32 128 "$threads" 0.5 "$folder/compact.json" "$windows" "$steps")
    scratch=$("$program" throughput "$folder/compact.json" 32 128 "$threads" "$windows" "$steps")
    echo "$network,$round,${both%,*},$scratch,${both#*,}" | tee -a "$csv" >&2
  done
done

grep -m1 'model name' /proc/cpuinfo 2>/dev/null | sed 's/.*: //' || true
echo "$threads threads, $rounds rounds, $(git rev-parse --short HEAD 2>/dev/null || echo 'no commit'); ours: after the cut"
"${PYTHON:-python3}" benchmarks/training/paired.py "$csv" dense "from scratch"
