#!/usr/bin/env bash
# Networks of torchvision as ONNX files: imported, exported, pruned by 30% and 50% of the channels (magnitude), each
# compared with ONNX Runtime.
# usage: benchmarks/onnx-import/run.sh [NETWORK...]   (default: all whose weights are below 300 MB, vgg11 and vit_b_16)
# Needs PyTorch and torchvision (PYTHON, default python3). Appends to docs/results/data/onnx-import.csv what is not
# there yet; the ONNX files are made in a temporary folder, one network at a time.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
export_script=benchmarks/onnx-import/export.py
dotnet build benchmarks/onnx-import -c Release -v q -clp:ErrorsOnly
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
networks=("$@")
[[ ${#networks[@]} -gt 0 ]] || mapfile -t networks < <("$python" $export_script --list; printf '%s\n' vgg11 vit_b_16)
out=docs/results/data/onnx-import.csv
columns="file,layers,seconds,memory,two images,import,export,removed 30,pruned 30,removed 50,pruned 50"
[[ -f $out ]] || echo "$columns" > "$out"
for network in "${networks[@]}"; do
  ! grep -q "^$network[.,]" "$out" || continue
  # The smallest size that the network takes as it is.
  case $network in
    alexnet | vgg* | swin* | maxvit*) size=224 ;;
    inception*) size=96 ;;
    *) size=64 ;;
  esac
  if "$python" $export_script "$network" "$folder" $size > "$folder/log" 2>&1; then
    artifacts/bin/OnnxImport.Benchmark/release/OnnxImport.Benchmark "$folder"/*.onnx | tee -a "$out" || true
  else
    error=$(grep -o '[A-Za-z.]*Error: .*' "$folder/log" | tail -1 | cut -c1-120 | tr -d '"')
    echo "$network,,,\"PyTorch does not export it: $error\"" | tee -a "$out"
  fi
  rm -f "$folder"/*
done
