#!/usr/bin/env bash
# The target by training time: the fraction of the time of a step that is left, predicted and measured.
#   benchmarks/training/training-time.sh [RUNS]     default: 2, with layers measured anew in each; about five minutes
# Writes docs/results/data/training-time.csv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly runs=${1:-2} csv=docs/results/data/training-time.csv
readonly program=artifacts/bin/Training.Benchmark/release/Training.Benchmark
dotnet build benchmarks/training -c Release -v q -nologo >&2

echo "network,size,batch,threads,removed,run,predicted,measured,least,greatest" >"$csv"
for ((run = 1; run <= runs; run++)); do
  while read -r network size batch removed steps; do
    XDG_CACHE_HOME=$(mktemp -d)
    export XDG_CACHE_HOME
    fractions=$("$program" training-time "$network" "$size" "$batch" 2 "$removed" 5 "$steps")
    echo "$network,$size,$batch,2,$removed,$run,$fractions" | tee -a "$csv"
    rm -r "$XDG_CACHE_HOME"
  done <<'NETWORKS'
resnet20 32 128 0.5 8
resnet20 32 128 0.65 8
resnet18-cifar-stem 32 64 0.5 3
mobilenet_v2 64 64 0.3 8
mobilenet_v2 64 64 0.5 8
NETWORKS
done
