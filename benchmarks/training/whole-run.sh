#!/usr/bin/env bash
# Wall time of whole runs of 30 epochs that the indicator prunes, beside dense runs tuned alike, and accuracy: ResNet-20 at 50% of the channels,
# ResNet-20 at 0.4 of the latency, ResNet-18 with the CIFAR stem at 50% of the channels.
#   PAT_DATA=PATH benchmarks/training/whole-run.sh [SEEDS [OPTION...]]     default: 1 seed; options go to every train; EPOCHS=2 ... --images 640 tries the script
# On 50,000 pictures and two cores a dense ResNet-20 takes about 25 minutes, a dense ResNet-18 many hours: give --images 5000 for it, and
# NETWORKS="resnet20" for some only. PAT_DATA is what train --data takes: CIFAR-10. Reports go to artifacts/benchmarks/whole-run; those that are there are not made again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly seeds=${1:-1} folder=artifacts/benchmarks/whole-run
(($# == 0)) || shift
: "${PAT_DATA:?give the pictures}"
dotnet build benchmarks/training -c Release -v q -nologo >&2
mkdir -p "$folder"
benchmarks/training/bin/Release/net10.0/Training.Benchmark definition resnet18-cifar-stem 32 "$folder/resnet18-cifar-stem.json"
./run.sh --version >/dev/null

train() { # NAME NETWORK OPTION...
  local out=$folder/$1-$seed network=$2
  shift 2
  [[ -f $out/report.json ]] || ./run.sh train --network "$network" --epochs "${EPOCHS:-30}" --batch 128 --seed "$seed" --data "$PAT_DATA" --device cpu --out "$out" "$@" >"$out.log" 2>&1 || { cat "$out.log" >&2; exit 1; }
}

for ((seed = 1; seed <= seeds; seed++)); do
  for network in ${NETWORKS:-resnet20 resnet18-cifar-stem}; do
    [[ $network == resnet20 ]] && file=$network || file=$folder/$network.json
    train "$network-dense" "$file" --policy never "$@"
    train "$network-channels" "$file" --channels 0.5 "$@"
    if [[ $network == resnet20 ]]; then train "$network-latency" "$file" --latency 0.6 "$@"; fi # what is removed
  done
done
"${PYTHON:-python3}" benchmarks/training/whole_run.py "$folder"
