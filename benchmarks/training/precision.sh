#!/usr/bin/env bash
# Training throughput in bfloat16 beside float32, for dense networks and for ResNet-20 with half of its channels, at batch 128 and 32x32.
#   benchmarks/training/precision.sh [ROUNDS [THREADS [WINDOWS [STEPS]]]]     default: 5 rounds, all cores, 5 windows of 10 steps
# NETWORKS="resnet20" measures some only. Writes artifacts/benchmarks/precision.csv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly rounds=${1:-5} threads=${2:-$(nproc)} windows=${3:-5} steps=${4:-10} folder=artifacts/benchmarks
readonly csv=$folder/precision.csv program=artifacts/bin/Training.Benchmark/release/Training.Benchmark
export OMP_WAIT_POLICY=passive
dotnet build benchmarks/training -c Release -v q -nologo >&2
mkdir -p "$folder"

echo "network,round,float32,ours" >"$csv"
for ((round = 1; round <= rounds; round++)); do
  for network in ${NETWORKS:-resnet20 resnet20-half mobilenet_v2 resnet18-cifar-stem}; do
    float32=$("$program" throughput "$network" 32 128 "$threads" "$windows" "$steps")
    bfloat16=$(PRECISION=Bfloat16 "$program" throughput "$network" 32 128 "$threads" "$windows" "$steps")
    echo "$network,$round,$float32,$bfloat16" | tee -a "$csv" >&2
  done
done

grep -m1 'model name' /proc/cpuinfo 2>/dev/null | sed 's/.*: //' || true
echo "$threads threads, $rounds rounds, $(git rev-parse --short HEAD 2>/dev/null || echo 'no commit'); ours: bfloat16"
"${PYTHON:-python3}" benchmarks/training/paired.py "$csv" float32
