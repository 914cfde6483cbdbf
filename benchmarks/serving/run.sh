#!/usr/bin/env bash
# What scoring costs inside ML.NET: ResNet-20, dense and with half of the channels; loading and the first prediction, each in a process of its own.
# usage: run.sh [N] [THREADS] [IMAGES]     default: 7 rounds, 1 thread, 10,000 images through Transform
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
readonly n=${1:-7} threads=${2:-1} folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
export OMP_NUM_THREADS=$threads OMP_WAIT_POLICY=passive
dotnet build -c Release -v q -nologo >&2
../../artifacts/bin/Serving.Benchmark/release/Serving.Benchmark "$n" "$threads" "$folder" "${3:-10000}"
for model in dense compact large; do
  for pause in 0 2000; do
    echo "$model.zip, $(stat -c %s "$folder/$model.zip") bytes: milliseconds to load, to the first prediction $pause ms after that"
    for ((i = 0; i < n; i++)); do ../../artifacts/bin/Serving.Benchmark/release/Serving.Benchmark load "$folder/$model.zip" "$pause"; done
  done
done
