#!/usr/bin/env bash
# Where the time of a training step goes: by library, and by function of libtorch and oneDNN. ResNet-20, batch 128, crop and mirror image included.
#   benchmarks/training/profile.sh [THREADS [WINDOWS [STEPS]]]     default: 1 thread, so that waiting threads do not count; 10 windows of 20 steps, about a minute
# Needs perf (Debian: linux-perf) and kernel.perf_event_paranoid at most 2. Recording begins after DELAY milliseconds (default 10000), when start-up and
# most compilation are over. In the list [JIT] is what oneDNN generates, and memfd:doublemapper what the .NET runtime compiled. NETWORK, SIZE, BATCH choose another network. Writes artifacts/benchmarks/profile.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly threads=${1:-1} windows=${2:-10} steps=${3:-20} folder=artifacts/benchmarks
readonly program=artifacts/bin/Training.Benchmark/release/Training.Benchmark
export OMP_WAIT_POLICY=passive
dotnet build benchmarks/training -c Release -v q -nologo >&2
mkdir -p "$folder"
perf record -q -F 499 -D "${DELAY:-10000}" -o "$folder/perf.data" -- "$program" throughput "${NETWORK:-resnet20}" "${SIZE:-32}" "${BATCH:-128}" "$threads" "$windows" "$steps" >"$folder/profile.speed"
{
  echo "${NETWORK:-resnet20}, $threads threads, $(cat "$folder/profile.speed") images/s, $(git rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
  echo; echo "fraction of the samples by library:"
  perf report --no-inline -i "$folder/perf.data" --stdio --sort dso --percent-limit 0.1 2>/dev/null | grep -v '^#' | grep .
  echo; echo "by function:"
  perf report --no-inline -i "$folder/perf.data" --stdio --sort dso,symbol --percent-limit 0.5 2>/dev/null | grep -v '^#' | grep . | cut -c1-160
} | tee "$folder/profile.txt"
