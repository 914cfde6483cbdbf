#!/usr/bin/env bash
# Writes PublicAPI.Shipped.txt of the packages anew. Review its diff: it is the change of the public API.
set -euo pipefail
cd "$(dirname "$0")/.."
for project in src/Microsoft.ML.PaT src/Microsoft.ML.PaT.Experiments src/Microsoft.ML.PaT.Onnx; do
  shipped=$project/PublicAPI.Shipped.txt
  echo '#nullable enable' | tee "$shipped" >"$project/PublicAPI.Unshipped.txt"
  # Of an empty list the analyzer names every public member, each as the line that is missing.
  { dotnet build "$project" -c Release -v q -p:TreatWarningsAsErrors=false --no-incremental 2>&1 || true; } |
    grep -F "[$PWD/$project/" | sed -nE "s/.*(error|warning) RS0016: Symbol '(.*)' is not part of the declared public API.*/\2/p" |
    LC_ALL=C sort -u >>"$shipped" || { echo "$project does not build" >&2; exit 1; }
done
wc -l src/*/PublicAPI.Shipped.txt
