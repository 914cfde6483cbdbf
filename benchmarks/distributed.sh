#!/usr/bin/env bash
# Images/s of two processes of one thread beside one process of two threads, runs interleaved; medians of the epochs after the first.
#   benchmarks/distributed.sh [RUNS [NETWORK [IMAGES]]]      default 3 resnet20 6400. Wants two idle cores and mpirun.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly runs=${1:-3} network=${2:-resnet20} images=${3:-6400} epochs=4 out=artifacts/benchmarks/distributed
./run.sh --version >/dev/null
mkdir -p "$out"

run() { # name, seed, options
  local name=$1 seed=$2
  shift 2
  rm -rf "$out/$name-$seed"
  ./run.sh train --network "$network" --limit "$images" --epochs "$epochs" --batch 128 --policy never --device cpu --seed "$seed" \
    --data "${PAT_DATA:-shapes}" --out "$out/$name-$seed" "$@" >"$out/$name-$seed.log" 2>&1
}

for ((seed = 1; seed <= runs; seed++)); do
  run one "$seed" --threads 2
  run two "$seed" --threads 1 --workers 2
  run two-synchronized "$seed" --threads 1 --workers 2 --sync-batch-norm
done

python3 - "$out" "$runs" <<'PY'
import json, statistics, sys
out, runs = sys.argv[1], int(sys.argv[2])
speed = {}
for name in ("one", "two", "two-synchronized"):
    values = [e["imagesPerSecond"] for s in range(1, runs + 1) for e in json.load(open(f"{out}/{name}-{s}/report.json"))["epochs"][1:]]
    speed[name] = statistics.median(values)
    print(f"{name}: median {speed[name]:.1f} images/s of n = {len(values)} epochs, {min(values):.1f} to {max(values):.1f}, {speed[name] / speed['one']:.2f}x of one process")
PY
