#!/usr/bin/env bash
# The quick start as a whole: accuracy, size, speed, seconds and peak memory.
#   benchmarks/quickstart.sh [RUNS [OPTION...]]     default: 1 run with seed 1, then 2, 3, ...; options go to quickstart
# Needs GNU time (/usr/bin/time). Logs and reports go to artifacts/benchmarks/quickstart-SEED.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly runs=${1:-1}
(($# == 0)) || shift
[[ -x /usr/bin/time ]] || { echo "quickstart.sh: GNU time is needed (Debian: apt-get install time)" >&2; exit 1; }
./run.sh --version >/dev/null

for ((seed = 1; seed <= runs; seed++)); do
  out=artifacts/benchmarks/quickstart-$seed
  mkdir -p "$out"
  started=$SECONDS
  /usr/bin/time -v -o "$out/time.log" ./run.sh quickstart --seed "$seed" --out "$out" "$@" 2>"$out/progress.log" | tee "$out/result.log"
  awk -v seconds=$((SECONDS - started)) -v seed="$seed" '/Maximum resident/ { printf "seed %s: %d s, peak memory %.2f GB\n", seed, seconds, $NF / 1048576 }' "$out/time.log"
  awk '/"indicator"/ { gsub(/[^0-9.]/, ""); i = $0 } /"dense": [0-9]/ { gsub(/[^0-9.]/, ""); d = $0 }
    END { if (d > 0) printf "indicator: %.2f s, %.2f%% of the %.0f s of dense training\n", i, 100 * i / d, d }' "$out/report.json"
done
