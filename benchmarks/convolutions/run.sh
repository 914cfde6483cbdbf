#!/usr/bin/env bash
# Where libtorch computes wrong convolutions on this machine: docs/decisions/hidden-caches.md. A case that ends the process is named.
#   benchmarks/convolutions/run.sh [library]     with "library": as Microsoft.ML.PaT sets libtorch; about a minute
set -euo pipefail
cd "$(dirname "$0")"
readonly program=../../artifacts/bin/Convolutions.Benchmark/release/Convolutions.Benchmark
dotnet build -c Release -v q -nologo >&2
for type in float32 bfloat16; do
  for format in channels-last channels-first; do
    for case in "1 1 8 4" "3 1 8 4" "3 2 9 5" "5 1 16 2"; do
      read -r -a shape <<<"$case"
      "$program" 1 "$format" "$type" "${shape[@]}" "$@" 2>/dev/null || echo "1 $format $type $case $*: died ($?)"
    done
  done
done
