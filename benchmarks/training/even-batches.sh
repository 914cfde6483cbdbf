#!/usr/bin/env bash
# The fault behind docs/decisions/even-batches.md: for each width, number of threads and batch, 14 training steps in a process of its own, channels-last.
#   benchmarks/training/even-batches.sh       about five minutes; writes network,threads,batch,remainder,outcome (ms a step, or the exit code)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly program=artifacts/bin/Training.Benchmark/release/Training.Benchmark
export OMP_WAIT_POLICY=passive
dotnet build benchmarks/training -c Release -v q -nologo >&2

echo "network,threads,batch,remainder,outcome"
for network in resnet20-half resnet20; do
  for threads in 1 2 3 4; do
    for batch in 5 8 33 64 100 125 126 127 128; do
      outcome=$("$program" steps "$network" 32 "$batch" "$threads" 2>/dev/null) || outcome="died ($?)"
      echo "$network,$threads,$batch,$((batch % threads)),$outcome"
    done
  done
done
