#!/usr/bin/env bash
# The studies of docs/results at full size: all of CIFAR-10, two cells of one thread at a time, the most decisive cells first. The whole takes
# days on two cores; a study that was interrupted resumes at its first missing cell, and studies share cells.
# usage: benchmarks/studies.sh DATA [WORKSPACE [SEEDS [FASHION]]]; FASHION: a folder with the four files of Fashion-MNIST (Debian's
# package dataset-fashion-mnist); without it that study is left out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly data=$1 workspace=${2:-runs/studies} seeds=${3:-3} fashion=${4:-/usr/share/datasets/fashion-mnist}
export OMP_WAIT_POLICY=passive
machine=(--seeds "$seeds" --parallel 2 --threads 1 --device cpu)
cifar=(--data "$data" "${machine[@]}")
resnet=("${cifar[@]}" --network resnet20 --set training.precision=bfloat16 --out "$workspace")

# MobileNetV1 x0.5 whose first convolution has stride 1, for images of 32x32. Depthwise convolutions are slower in bfloat16.
mobilenet=$workspace/mobilenet_v1_x0_5-cifar-stem.json
mkdir -p "$workspace"
dotnet build benchmarks/training -c Release -v q -nologo >&2
artifacts/bin/Training.Benchmark/release/Training.Benchmark definition mobilenet_v1_x0_5 32 "$mobilenet"
sed -i -e '0,/"stride":2/s//"stride":1/' -e 's/"name":"mobilenet_v1_x0_5"/"name":"mobilenet_v1_x0_5-cifar-stem"/' "$mobilenet"

# VGG-11 with batch-norms and a quarter of the channels.
vgg=$workspace/vgg11-quarter.json
artifacts/bin/Training.Benchmark/release/Training.Benchmark definition vgg11-quarter 32 "$vgg"
sed -i 's/"name":"vgg11-bn-cifar"/"name":"vgg11-quarter"/' "$vgg"

./run.sh study compare "${resnet[@]}" --epochs 12 --schedule clr,ft --retrain-fraction 0.25 --initial random,snip,grasp,synflow
./run.sh study oracle "${resnet[@]}" --epochs 12 --criterion taylor --prune-channels 0.5,0.7 --at 0,1,3,6,9,11
./run.sh study compare "${cifar[@]}" --network "$mobilenet" --out "$workspace-mobilenet" --epochs 8 --schedule clr --retrain-fraction 0.25 --initial random
if [[ -d $fashion ]]; then
    ./run.sh study oracle --data "$fashion" "${machine[@]}" --network "$vgg" --set training.precision=bfloat16 \
        --out "$workspace-fashion" --epochs 12 --criterion taylor --prune-channels 0.5 --at 0,1,3,6,9,11
fi
./run.sh study retraining "${resnet[@]}" --epochs 12 --plan R56-B,R56-A --criterion l1,random --schedule clr,ft --retrain-epochs 3
