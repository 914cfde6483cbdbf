#!/usr/bin/env bash
# Training curves of ResNet-20 with fused and with plain norms.
#   PAT_DATA=CIFAR10 benchmarks/training/curves.sh [SEEDS]     default: 3; 5,000 images, 5 epochs, one thread
# Writes docs/results/data/curves.csv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly seeds=${1:-3} csv=docs/results/data/curves.csv folder=artifacts/benchmarks/curves
: "${PAT_DATA:?give the images}"
echo "norms,seed,epoch,loss,validation_accuracy" >"$csv"
for ((seed = 1; seed <= seeds; seed++)); do
  for norms in fused plain; do
    out=$folder/$norms-$seed
    [[ $norms == fused ]] && fused=true || fused=false
    [[ -f $out/report.json ]] || ./run.sh train --network resnet20 --epochs 5 --policy never --limit 5000 \
      --seed "$seed" --threads 1 --device cpu --set training.fusedNorms=$fused --data "$PAT_DATA" --out "$out"
    python3 - "$out/report.json" "$norms,$seed" >>"$csv" <<'PYTHON'
import json, sys
for epoch in json.load(open(sys.argv[1]))["epochs"]:
    print(f"{sys.argv[2]},{epoch['epoch']},{epoch['trainLoss']:.4f},{epoch['accuracy']:.4f}")
PYTHON
  done
done
