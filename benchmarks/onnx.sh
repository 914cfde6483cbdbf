#!/usr/bin/env bash
# An archive in ONNX Runtime: test accuracy and speed of its float and its 8-bit model.
#   benchmarks/onnx.sh ARCHIVE.pat DIR [THREADS]
# DIR has train/CLASS/ and test/CLASS/ images; default: 1 thread.
# Our own latency at batch 1, measured by the library after the run, stands in the archive's report.json (compact.latencyMs).
set -euo pipefail
archive=$(realpath "$1") data=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly threads=${3:-1} folder=artifacts/benchmarks/onnx
mkdir -p "$folder"
./run.sh export --model "$archive" --out "$folder/float.onnx"
./run.sh export --model "$archive" --out "$folder/int8.onnx" --int8 --calibration "$data/train"
dotnet run --project benchmarks/onnx -c Release -v q -- "$data/test" "$threads" "$folder/float.onnx" "$folder/int8.onnx" | tee "$folder/results.json"
unzip -p "$archive" report.json | grep latencyMs
