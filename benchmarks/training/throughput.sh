#!/usr/bin/env bash
# Training throughput, ours beside PyTorch's on the same machine in the same minutes, images in memory, crop and mirror image included:
# ResNet-20 at 32x32 and batch 128, MobileNetV2 and ResNet-18 at 64x64 and batch 64.
#   benchmarks/training/throughput.sh [ROUNDS [THREADS [WINDOWS [STEPS]]]]     default: 5 rounds, all cores, 5 windows of 20 steps; about 12 minutes a round on two cores
# PyTorch as a user runs it (NCHW, default allocator), and tuned (channels-last, glibc told to keep freed memory). PYTHON names an interpreter
# that has torch and torchvision (default: the system's python3). NETWORKS="resnet20" measures some only. Writes artifacts/benchmarks/training.csv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly rounds=${1:-5} threads=${2:-$(nproc)} windows=${3:-5} steps=${4:-20} python=${PYTHON:-/usr/bin/python3} folder=artifacts/benchmarks
readonly csv=$folder/training.csv program=artifacts/bin/Training.Benchmark/release/Training.Benchmark
export OMP_WAIT_POLICY=passive
dotnet build benchmarks/training -c Release -v q -nologo >&2
mkdir -p "$folder"

pytorch() { "$python" benchmarks/training/throughput.py --network "$network" --size "$size" --batch "$batch" --threads "$threads" --windows "$windows" --steps "$steps" "$@" | tail -n 1; }
tuned() { MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=2147483647 MALLOC_TOP_PAD_=67108864 pytorch --tuned; }
ours() { "$program" throughput "$network" "$size" "$batch" "$threads" "$windows" "$steps"; }

echo "network,round,pytorch,pytorch_tuned,ours" >"$csv"
for ((round = 1; round <= rounds; round++)); do
  for network in ${NETWORKS:-resnet20 mobilenet_v2 resnet18}; do
    if [[ $network == resnet20 ]]; then size=32 batch=128; else size=64 batch=64; fi
    # Who goes first alternates, so that a machine that warms up or slows down favors nobody.
    if ((round % 2)); then
      plain=$(pytorch) best=$(tuned) mine=$(ours)
    else
      mine=$(ours) best=$(tuned) plain=$(pytorch)
    fi
    echo "$network,$round,$plain,$best,$mine" | tee -a "$csv" >&2
  done
done

grep -m1 'model name' /proc/cpuinfo 2>/dev/null | sed 's/.*: //' || true
echo "$threads threads, $rounds rounds, $("$python" -c 'import torch; print("torch", torch.__version__)'), $(git rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
"$python" benchmarks/training/paired.py "$csv" pytorch pytorch_tuned
