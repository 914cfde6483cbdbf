#!/usr/bin/env bash
# Pretrained features in ML.NET's own way beside fine-tuning and pruning of the same weights: docs/results/transfer.md.
#   benchmarks/transfer/run.sh CIFAR.tar.gz [PART IMAGES CELL...]
# CIFAR.tar.gz has train/CLASS/ and test/CLASS/ images. PART is test or validation, IMAGES the number of training images
# of each class; a cell is baseline:SEED, enlarged:SEED, head:SIZE:SEED or tuned:SIZE:SEED[:PATH=VALUE;...].
# Without them it measures the table of the page for 1,000 images. Appends a line for each cell to docs/results/data/transfer.csv.
set -euo pipefail
archive=$(realpath "$1") part=${2:-test} images=${3:-100}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly folder=artifacts/benchmarks/transfer out=docs/results/data/transfer.csv
mkdir -p "$folder"
[[ -d $folder/train ]] || tar -xzf "$archive" -C "$folder"
cells=("${@:4}")
if (( ${#cells[@]} == 0 )); then
    cells=(baseline:1 enlarged:1 head:{96,128,160,224}:1 tuned:96:{1,2,3} tuned:160:1)
    cells+=("tuned:96:1:training.epochs=60;images.trivialAugment=true")
fi
dotnet build benchmarks/transfer -c Release -v q -clp:ErrorsOnly
columns="side,part,training images,size,seed,settings,accuracy,seconds to train,CPU seconds to train,seconds to test"
columns+=",CPU seconds to test,pruned in epoch,dense MACs,compact MACs,dense ms,compact ms"
[[ -f $out ]] || echo "$columns" > "$out"
# ONNX Runtime starts a thread for each core all the same: compare CPU seconds.
program=artifacts/bin/Transfer.Benchmark/release/Transfer.Benchmark
OMP_NUM_THREADS=1 taskset -c "${CORE:-0}" $program "$folder" "$part" "$images" "${cells[@]}" | tee -a "$out"
