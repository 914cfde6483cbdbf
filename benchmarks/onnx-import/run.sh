#!/usr/bin/env bash
# Networks of torchvision as ONNX files: imported, exported, pruned by 30% and 50% of the channels (magnitude), each compared with ONNX Runtime.
# usage: benchmarks/onnx-import/run.sh [NETWORK...]   (default: all whose weights are below 300 MB, and vgg11 and vit_b_16)
# Needs PyTorch and torchvision (PYTHON, default python3). Writes docs/results/import.csv; files are made in a temporary folder, one network at a time.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
export_script=benchmarks/onnx-import/export.py
dotnet build benchmarks/onnx-import -c Release -v q -clp:ErrorsOnly
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
networks=("$@")
[[ ${#networks[@]} -gt 0 ]] || mapfile -t networks < <("$python" $export_script --list; printf '%s\n' vgg11 vit_b_16)
out=docs/results/import.csv
echo "file,layers,seconds to import,import,export,removed 30,pruned 30,removed 50,pruned 50" > "$out"
for network in "${networks[@]}"; do
  # The smallest size that the network takes as it is.
  case $network in
    alexnet | vgg* | swin* | maxvit*) size=224 ;;
    inception*) size=96 ;;
    *) size=64 ;;
  esac
  if "$python" $export_script "$network" "$folder" $size > "$folder/log" 2>&1; then
    artifacts/bin/OnnxImport.Benchmark/release/OnnxImport.Benchmark "$folder"/*.onnx | tee -a "$out" || true
  else
    echo "$network,,,\"PyTorch does not export it: $(grep -o '[A-Za-z.]*Error: .*' "$folder/log" | tail -1 | cut -c1-120 | tr -d '"')\"" | tee -a "$out"
  fi
  rm -f "$folder"/*.onnx
done
