#!/usr/bin/env bash
# Wall time of whole runs of 30 epochs that the indicator prunes, each beside a dense run tuned alike, and accuracy: ResNet-20 at 50% of the channels,
# ResNet-20 at 0.4 of the latency, ResNet-18 with the CIFAR stem at 50% of the channels. The two runs of a pair go on at the same time, each with half of
# the cores, so that both see the same machine.
#   PAT_DATA=PATH benchmarks/training/whole-run.sh [SEEDS [OPTION...]]     default: 1 seed; options go to every train; EPOCHS=2 ... --limit 640 tries the script
# PAT_DATA is what train --data takes: CIFAR-10. On 50,000 images and two cores a pair of ResNet-20 takes about an hour, of ResNet-18 a day: --limit 2000 and
# --limit 384 take five and fifteen minutes. NETWORKS="resnet20" for some only. Linux (taskset). Reports go to artifacts/benchmarks/whole-run; those that are there are not made again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly seeds=${1:-1} folder=artifacts/benchmarks/whole-run
(($# == 0)) || shift
: "${PAT_DATA:?give the images}"
dotnet build benchmarks/training -c Release -v q -nologo >&2
mkdir -p "$folder"
artifacts/bin/Training.Benchmark/release/Training.Benchmark definition resnet18-cifar-stem 32 "$folder/resnet18-cifar-stem.json"
./run.sh --version >/dev/null

readonly half=$(($(nproc) / 2))
train() { # FOLDER CORES NETWORK OPTION...
  local out=$folder/$1 cores=$2 network=$3
  shift 3
  [[ -f $out/report.json ]] || taskset -c "$cores" ./run.sh train --network "$network" --epochs "${EPOCHS:-30}" --batch 128 --seed "$seed" --data "$PAT_DATA" --device cpu --threads "$half" --out "$out" "$@" >"$out.log" 2>&1 || { cat "$out.log" >&2; exit 1; }
}
pair() { # NAME NETWORK TARGET RATIO OPTION...
  local name=$1 network=$2 target=$3 ratio=$4
  shift 4
  train "$name-dense-$seed" "0-$((half - 1))" "$network" --policy never "$@" &
  train "$name-pruned-$seed" "$half-$((2 * half - 1))" "$network" "$target" "$ratio" "$@"
  wait $!
}
for ((seed = 1; seed <= seeds; seed++)); do
  for network in ${NETWORKS:-resnet20 resnet18-cifar-stem}; do
    [[ $network == resnet20 ]] && file=$network || file=$folder/$network.json
    pair "$network-channels" "$file" --prune-channels 0.5 "$@"
    if [[ $network == resnet20 ]]; then pair "$network-latency" "$file" --prune-latency 0.6 "$@"; fi # what is removed
  done
done
"${PYTHON:-python3}" benchmarks/training/whole_run.py "$folder"
