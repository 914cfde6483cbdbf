#!/usr/bin/env bash
# The fault behind docs/decisions/strided-convolutions.md: for each number of threads and batch, 14 training steps of half of ResNet-20 in a
# process of its own, channels-last.
#   benchmarks/training/strided-convolutions.sh       about five minutes; writes threads,batch,outcome (ms a step, or the exit code)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly program=artifacts/bin/Training.Benchmark/release/Training.Benchmark
export OMP_WAIT_POLICY=passive
dotnet build benchmarks/training -c Release -v q -nologo >&2

echo "threads,batch,outcome"
for threads in 1 2 3; do
  for batch in 5 8 33 100 125 127 128; do
    outcome=$("$program" steps resnet20-half 32 "$batch" "$threads" 2>/dev/null) || outcome="died ($?)"
    echo "$threads,$batch,$outcome"
  done
done
