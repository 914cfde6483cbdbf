#!/usr/bin/env bash
# Images/s of N processes of one thread beside one process of N threads, with the same batch. The sides take turns every
# few steps.
#   benchmarks/distributed.sh [ROUNDS [STEPS [N]]]
# Default: 8 rounds of 8 steps of 2 processes; about 4 minutes per network and MPI.
# NETWORKS="resnet20:32:128" (name, size, batch) and MPIS="mpich" measure some only; PREFIX="nice -n -15" goes before
# mpirun.
# Appends to artifacts/benchmarks/distributed.csv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly rounds=${1:-8} steps=${2:-8} size=${3:-2} folder=artifacts/benchmarks
readonly csv=$folder/distributed.csv program=artifacts/bin/Training.Benchmark/release/Training.Benchmark
[[ -n ${SKIP_BUILD:-} ]] || dotnet build benchmarks/training -c Release -v q -nologo >&2
mkdir -p "$folder"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 TERM=dumb
[[ -f $csv ]] || echo "mpi,network,size,batch,processes,round,one,several,synchronized" >"$csv"

for network in ${NETWORKS:-resnet20:32:128 resnet18:64:128}; do
  IFS=: read -r name pixels batch <<<"$network"
  for mpi in ${MPIS:-openmpi mpich}; do
    options=()
    [[ $mpi != openmpi ]] || options=(--oversubscribe --bind-to none)
    # shellcheck disable=SC2086
    ${PREFIX:-} "mpirun.$mpi" "${options[@]}" -n "$size" \
      "$program" ranks "$name" "$pixels" "$batch" "$size" "$rounds" "$steps" |
      awk -v prefix="$mpi,$name,$pixels,$batch,$size" '{ print prefix "," NR "," $0 }' | tee -a "$csv" >&2
  done
done

grep -m1 'model name' /proc/cpuinfo 2>/dev/null | sed 's/.*: //' || true
python3 - "$csv" <<'PY'
import csv, statistics, sys
rows = list(csv.DictReader(open(sys.argv[1])))
median = statistics.median
print("| network | MPI | n | one process | processes | ratio | synchronized | ratio |\n|---|---|---|---|---|---|---|---|")
for key in dict.fromkeys((r["network"], r["size"], r["batch"], r["mpi"], r["processes"]) for r in rows):
    chosen = [r for r in rows if (r["network"], r["size"], r["batch"], r["mpi"], r["processes"]) == key]
    one, many, sync = ([float(r[c]) for r in chosen] for c in ("one", "several", "synchronized"))
    def spread(values, digits): return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"
    def ratio(values): return spread([v / o for v, o in zip(values, one)], 2)
    print(f"| {key[0]}, {key[1]}x{key[1]}, batch {key[2]} | {key[3]}, {key[4]} processes | {len(chosen)} | {spread(one, 0)} | {spread(many, 0)} | {ratio(many)} | {spread(sync, 0)} | {ratio(sync)} |")
PY
