#!/usr/bin/env bash
# What the time of a training step is spent on: ResNet-20, batch 128, random crop and flip included.
#   benchmarks/training/profile.sh [THREADS [WINDOWS [STEPS]]]
# Default: 1 thread, so that waiting threads do not count; 10 windows of 20 steps, about a minute.
# Needs perf (Debian: linux-perf) and kernel.perf_event_paranoid at most 2. Recording begins after DELAY milliseconds
# (default 10000), when start-up and most compilation are over. NETWORK, SIZE, BATCH choose another network.
# Writes artifacts/benchmarks/profile.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly threads=${1:-1} windows=${2:-10} steps=${3:-20} folder=artifacts/benchmarks
readonly program=artifacts/bin/Training.Benchmark/release/Training.Benchmark network=${NETWORK:-resnet20}
export OMP_WAIT_POLICY=passive
dotnet build benchmarks/training -c Release -v q -nologo >&2
mkdir -p "$folder"
# The map names the methods that .NET compiled; without W^X their addresses are those that run.
DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0 \
  perf record -q -F 499 -D "${DELAY:-10000}" -o "$folder/perf.data" -- \
  "$program" throughput "$network" "${SIZE:-32}" "${BATCH:-128}" "$threads" "$windows" "$steps" >"$folder/profile.speed"
perf report --no-inline -n -i "$folder/perf.data" --stdio --sort dso,symbol 2>/dev/null >"$folder/profile.report"
{
  echo "$network, $threads threads, $(cat "$folder/profile.speed") images/s," \
    "$(git rev-parse --short HEAD 2>/dev/null || echo 'no commit'); percent of the samples:"
  "${PYTHON:-python3}" benchmarks/training/profile.py <"$folder/profile.report"
} | tee "$folder/profile.txt"
