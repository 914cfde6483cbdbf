#!/usr/bin/env bash
# The speed of scoring inside ML.NET: ResNet-20, dense and with half of the channels; loading and the first prediction,
# each in a process of its own.
# usage: run.sh [N] [THREADS] [IMAGES]     default: 7 rounds, 1 thread, 10,000 images through Transform
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
readonly n=${1:-7} threads=${2:-1} folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
export OMP_NUM_THREADS=$threads OMP_WAIT_POLICY=passive
dotnet build -c Release -v q -nologo >&2
readonly program=../../artifacts/bin/Serving.Benchmark/release/Serving.Benchmark
"$program" "$n" "$threads" "$folder" "${3:-10000}"
for model in {dense,compact,large}.{pat,zip}; do
  echo "$model, $(stat -c %s "$folder/$model") bytes: milliseconds to load, to the first prediction"
  for ((i = 0; i < n; i++)); do "$program" load "$folder/$model"; done
done
