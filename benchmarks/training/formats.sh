#!/usr/bin/env bash
# Scoring in channels-first and channels-last format, dense and compact, in turns.
#   benchmarks/training/formats.sh [RUNS]     default: 2; about two minutes
# Writes docs/results/data/scoring-formats.csv: median milliseconds of a batch.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly runs=${1:-2} csv=docs/results/data/scoring-formats.csv
readonly program=artifacts/bin/Training.Benchmark/release/Training.Benchmark
dotnet build benchmarks/training -c Release -v q -nologo >&2

echo "network,size,threads,batch,run,dense_first_ms,dense_last_ms,compact_first_ms,compact_last_ms" >"$csv"
for ((run = 1; run <= runs; run++)); do
  while read -r network size; do
    for threads in 1 2; do
      for batch in 1 32; do
        milliseconds=$("$program" formats "$network" "$size" "$batch" "$threads")
        echo "$network,$size,$threads,$batch,$run,$milliseconds" | tee -a "$csv"
      done
    done
  done <<'NETWORKS'
resnet20 32
resnet18 64
mobilenet_v1_x0_5 32
mobilenet_v2 64
vgg11-bn-cifar 32
NETWORKS
done
