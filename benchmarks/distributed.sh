#!/usr/bin/env bash
# What it costs to share a step: ResNet-20 on two processes of one thread each against one process of two threads, and the bytes of gradients
# before and after half of the channels are cut.
#   benchmarks/distributed.sh [RUNS]      default 3; medians of the dense epochs after the first, images/s. Wants two idle cores.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly runs=${1:-3} images=6400 epochs=4 out=artifacts/benchmarks/distributed
./run.sh --version >/dev/null
mkdir -p "$out"
readonly common=(train --images "$images" --epochs "$epochs" --policy never --threads 2)

run() { # name, seed, options
  local name=$1 seed=$2
  shift 2
  rm -rf "$out/$name-$seed"
  ./run.sh "${common[@]}" --seed "$seed" --out "$out/$name-$seed" "$@" >"$out/$name-$seed.log" 2>&1
}

for ((seed = 1; seed <= runs; seed++)); do
  run one "$seed"
  run two "$seed" --workers 2
  run two-synchronised "$seed" --workers 2 --sync-batch-norm
done
rm -rf "$out/cut"
./run.sh train --images "$images" --epochs 2 --policy epoch:1 --channels 0.5 --round-to 8 --threads 2 --workers 2 --out "$out/cut" >"$out/cut.log" 2>&1

python3 - "$out" "$runs" <<'PY'
import json, statistics, sys
out, runs = sys.argv[1], int(sys.argv[2])
speed = {}
for name in ("one", "two", "two-synchronised"):
    values = [e["imagesPerSecond"] for s in range(1, runs + 1) for e in json.load(open(f"{out}/{name}-{s}/report.json"))["epochs"][1:]]
    speed[name] = statistics.median(values)
    print(f"{name}: median {speed[name]:.0f} images/s of n = {len(values)} epochs, {min(values):.0f} to {max(values):.0f}, {speed[name] / speed['one']:.2f}x of one process")
PY
grep -h "of gradients" "$out/cut.log"
