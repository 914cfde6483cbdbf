#!/usr/bin/env bash
# Which score: final test accuracy of small networks pruned at the same epoch by each criterion, reduction and normalization.
#   PAT_DATA=PATH benchmarks/scores.sh [SEEDS [PROCESSES]]     default: 2 seeds, 2 processes of one thread each
# 1,500 CIFAR-10 images, 6 epochs, one cut after 2 of them, widths in steps of 1 so that nothing but the score decides, 2,000 test
# images at the end. A cell that has its report under artifacts/benchmarks/scores is not run again. Writes docs/results/scores.csv and
# prints the mean of each score by network and ratio. PAT_DATA is a .tar.gz with train/CLASS/*.jpg and test/CLASS/*.jpg of 32x32.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly seeds=${1:-2} processes=${2:-2} folder=artifacts/benchmarks/scores csv=docs/results/scores.csv
readonly networks=(resnet20-cifar mobilenet_v1_x0_25) ratios=(0.5 0.7)
# criterion, reduction, normalization, ranking; the first is the literal form of the paper, the fourth the default.
readonly scores=(
  "taylor sum none global" "taylor sum group-mean global" "taylor mean none global" "taylor mean group-mean global"
  "taylor mean group-norm global" "magnitude mean none global" "magnitude mean group-mean global" "taylor mean group-mean per-layer"
)
mkdir -p "$folder"
./run.sh --version >/dev/null

# 200 images of each class, so that a cell does not decode all sixty thousand.
export PAT_DATA=${PAT_DATA:?give the archive of images}
if [[ ! -s $folder/images.tar.gz ]]; then
  tar -tzf "$PAT_DATA" | grep '\.jpg$' | LC_ALL=C sort | awk -F/ '{ key = $(NF - 2) "/" $(NF - 1) } ++n[key] <= 200' >"$folder/images.txt"
  mkdir -p "$folder/images" && tar -xzf "$PAT_DATA" -C "$folder/images" -T "$folder/images.txt"
  tar -czf "$folder/images.tar.gz" -C "$folder/images" . && rm -r "$folder/images"
fi
PAT_DATA=$PWD/$folder/images.tar.gz

cell() {
  local network=$1 ratio=$2 seed=$3 criterion=$4 reduction=$5 normalization=$6 ranking=$7
  local out=$folder/$network-$ratio-$seed-$criterion-$reduction-$normalization-$ranking
  [[ -s $out/report.json ]] && return
  ./run.sh train --network "$network" --size 32 --prune-channels "$ratio" --seed "$seed" --criterion "$criterion" --set "pruning.reduction=$reduction" --set "pruning.normalization=$normalization" \
    --set "pruning.ranking=$ranking" --policy epoch:2 --set pruning.roundTo=1 --epochs 6 --limit 1500 --batch 64 --threads 1 --device cpu --out "$out.part" >"$out.log" 2>&1 || { cat "$out.log" >&2; return 1; }
  rm -rf "$out" && mv "$out.part" "$out"
  echo "$out" >&2
}
export -f cell
export folder

for ((seed = 1; seed <= seeds; seed++)); do
  for network in "${networks[@]}"; do
    for ratio in "${ratios[@]}"; do
      printf "$network $ratio $seed %s\n" "${scores[@]}"
    done
  done
done | OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive xargs -P "$processes" -L 1 bash -euc 'cell "$@"' cell

echo "network,ratio,seed,criterion,reduction,normalization,ranking,parameters,macs,accuracy" >"$csv"
for report in "$folder"/*/report.json; do
  awk -F'[:,]' -v OFS=, '
    function text(s) { gsub(/[" ]/, "", s); return s }
    /^  "network"/ { network = text($2) } /^  "seed"/ { seed = text($2) } /^  "criterion"/ { criterion = text($2) } /^  "reduction"/ { reduction = text($2) }
    /^  "normalization"/ { normalization = text($2) } /^  "ranking"/ { ranking = text($2) } /^    "value"/ { ratio = text($2) }
    /^  "compact"/ { at = "compact" } /^  "test"/ { at = "test" }
    at == "compact" && /"parameters"/ { parameters = text($2) } at == "compact" && /"macs"/ { macs = text($2) } at == "test" && /"accuracy"/ { accuracy = text($2) }
    END { print network, ratio, seed, criterion, reduction, normalization, ranking, parameters, macs, accuracy }' "$report"
done | LC_ALL=C sort >>"$csv"
awk -F, 'NR > 1 { key = $1 " " $2 " " $4 " " $5 " " $6 " " $7; sum[key] += $10; n[key]++ } END { for (key in sum) printf "%s %.1f%% (n = %d)\n", key, 100 * sum[key] / n[key], n[key] }' "$csv" | LC_ALL=C sort
