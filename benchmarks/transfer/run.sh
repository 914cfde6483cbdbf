#!/usr/bin/env bash
# Pretrained features in ML.NET's own way beside fine-tuning and pruning of the same weights: docs/results/transfer.md.
#   benchmarks/transfer/run.sh CIFAR.tar.gz [THREADS] [CELL...]
# CIFAR.tar.gz has train/CLASS/ and test/CLASS/ images. A cell is baseline, head:SIZE:SEED or tuned:SIZE:SEED; a line of
# JSON for each is appended to artifacts/benchmarks/transfer/results.jsonl.
set -euo pipefail
archive=$(realpath "$1") threads=${2:-2}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly folder=artifacts/benchmarks/transfer
mkdir -p "$folder/images"
[[ -d $folder/images/train ]] || tar -xzf "$archive" -C "$folder/images"
cells=("${@:3}")
if (( ${#cells[@]} == 0 )); then
    for seed in 1 2 3; do
        for size in 96 128 160 224; do cells+=(baseline "head:$size:$seed" "tuned:$size:$seed"); done
    done
fi
dotnet build benchmarks/transfer -c Release -v q -clp:ErrorsOnly
export OMP_NUM_THREADS=$threads
artifacts/bin/Transfer.Benchmark/release/Transfer.Benchmark "$folder/images" "$threads" "${cells[@]}" | tee -a "$folder/results.jsonl"
