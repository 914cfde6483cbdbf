#!/usr/bin/env bash
# The stand-in against PyTorch (Debian's python3-torch) on the same libtorch, in one run. usage: run.sh [STEPS] [THREADS]
set -eu
cd "$(dirname "$0")"
steps=${1:-30}; threads=${2:-$(nproc)}
dotnet build -c Release -v q -nologo >&2
program=bin/Release/net10.0/TorchSharp.Benchmark
$program operators
for _ in 1 2 3; do
  $program train "$steps" "$threads"
  command -p python3 train.py "$steps" "$threads"
done
$program leak 10000
