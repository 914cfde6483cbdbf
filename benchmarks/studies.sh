#!/usr/bin/env bash
# The three studies on small training sets, on two cores: they show that the machinery works, and decide nothing
# (docs/results/compare.md has the full size). A study that was interrupted resumes at its first missing cell.
# usage: benchmarks/studies.sh [WORKSPACE [SEEDS]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly workspace=${1:-runs/studies} seeds=${2:-2}
readonly common=(--test-images 2000 --batch 64 --seeds "$seeds" --parallel 2 --threads 1 --device cpu --out "$workspace")

./run.sh study oracle --network resnet20-cifar --prune-channels 0.5,0.7 --criterion taylor,magnitude --epochs 10 --at 0,1,2,3,4,5,7 --limit 1500 "${common[@]}"
./run.sh study oracle --network mobilenet_v1_x0_25 --prune-channels 0.5,0.7 --criterion taylor,magnitude --epochs 10 --at 0,1,2,3,4,5,7 --limit 2000 "${common[@]/%$workspace/$workspace-mobilenet}" --size 32
./run.sh study compare --network resnet20-cifar --prune-channels 0.5 --epochs 10 --limit 1000 "${common[@]}"
./run.sh study retraining --network resnet20-cifar-a --plan R56-A,R56-B --criterion l1,random --schedule ft,lrw,slr,clr --epochs 20 --retrain-epochs 5,9 --limit 500 "${common[@]}"
