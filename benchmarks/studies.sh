#!/usr/bin/env bash
# The studies of docs/results at full size: all of CIFAR-10, two cells of one thread at a time, the most decisive cells first. The whole takes
# days on two cores; a study that was interrupted resumes at its first missing cell, and studies share cells.
# usage: benchmarks/studies.sh DATA [WORKSPACE [SEEDS]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly data=$1 workspace=${2:-runs/studies} seeds=${3:-3}
export OMP_WAIT_POLICY=passive
common=(--data "$data" --network resnet20 --set training.precision=bfloat16 --seeds "$seeds" --parallel 2 --threads 1 --device cpu --out "$workspace")

./run.sh study compare "${common[@]}" --epochs 12 --schedule clr,ft --retrain-fraction 0.25 --initial random,snip,grasp,synflow
./run.sh study oracle "${common[@]}" --epochs 12 --criterion taylor --prune-channels 0.5,0.7 --at 0,1,3,6,9,11
./run.sh study retraining "${common[@]}" --epochs 20 --plan R56-A,R56-B --criterion l1,random --schedule clr,ft,lrw,slr --retrain-epochs 5,9
