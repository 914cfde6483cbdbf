#!/usr/bin/env bash
# The three studies of docs/results, as they were run: on two cores with nothing beside them about half an hour. Interrupted, it goes on where it was.
# usage: benchmarks/studies.sh [WORKSPACE]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly workspace=${1:-runs/studies}
readonly common=(--test-images 3000 --batch 64 --seeds 2 --parallel 2 --threads 1 --device cpu --out "$workspace")

./run.sh oracle --network resnet20-cifar --channels 0.5,0.7 --criterion taylor,magnitude --epochs 10 --at 0,1,2,3,4,5,7 --images 2000 "${common[@]}"
./run.sh retraining --network resnet20-cifar-a --plan R56-A,R56-B --criterion l1,random --schedule ft,lrw,slr,clr --dense-epochs 20 --epochs 5,9 --images 800 "${common[@]}"
./run.sh compare --network resnet20-cifar --channels 0.5 --epochs 10 --images 1500 "${common[@]}"
