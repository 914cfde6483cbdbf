#!/usr/bin/env bash
# What decoding costs, and what decoding at a reduced scale changes; docs/results/decode.md has the tables that this prints.
# usage: run.sh CIFAR.tar.gz MODEL.pat [ROUNDS]
# The archive has train/CLASS/*.jpg and test/CLASS/*.jpg of 32x32; the model was trained on them; default 9 rounds.
set -euo pipefail
archive=$(realpath "$1")
model=$(realpath "$2")
readonly archive model rounds=${3:-9}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dotnet build benchmarks/decode -c Release -v q -nologo >&2
readonly program=artifacts/bin/Decode.Benchmark/release/Decode.Benchmark

grep -m1 'model name' /proc/cpuinfo 2>/dev/null | sed 's/.*: //' || true
echo "$(nproc) cores, $rounds rounds, $(git rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
"$program" photo "$rounds"
"$program" throughput "$rounds"
"$program" cursors "$archive" "$rounds"
"$program" pixels "$archive"
"$program" accuracy "$archive" "$model"
