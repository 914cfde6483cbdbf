#!/usr/bin/env bash
# An archive in ONNX Runtime: test accuracy and speed of its float and its 8-bit model.
#   benchmarks/onnx.sh ARCHIVE.pat DIR [THREADS]
# DIR has train/CLASS/ and test/CLASS/ pictures of the network's size; default: 1 thread. Needs node, and Python 3 with Pillow and NumPy.
# Our own latency at batch 1, measured by the library after the run, stands in the archive's report.json (compact.latencyMs).
set -euo pipefail
archive=$(realpath "$1") data=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly threads=${3:-1} folder=artifacts/benchmarks/onnx
mkdir -p "$folder"
[[ -d test/onnx/node_modules ]] || (cd test/onnx && npm ci --ignore-scripts)
./run.sh export --archive "$archive" --onnx "$folder/float.onnx"
./run.sh export --archive "$archive" --onnx "$folder/int8.onnx" --int8 --calibration "$data/train"
python3 benchmarks/onnx_pictures.py "$data/test" "$folder/test"
node benchmarks/onnx.mjs "$folder/test" "$threads" "$folder/float.onnx" "$folder/int8.onnx" | tee "$folder/results.json"
unzip -p "$archive" report.json | grep latencyMs
