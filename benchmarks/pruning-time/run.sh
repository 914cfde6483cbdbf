#!/usr/bin/env bash
# Seconds and memory to remove 50% of the channels by magnitude, widths in steps of 8: groups analyzed, channels ranked,
# the plan made, weights and optimizer state gathered into the new network. Then the analysis alone, for every network.
# usage: run.sh [N] [THREADS]     default: 15 rounds per network, all cores
set -eu
cd "$(dirname "$0")"
dotnet build -c Release -v q -nologo >&2
exec ../../artifacts/bin/PruningTime.Benchmark/release/PruningTime.Benchmark "${1:-15}" "${2:-$(nproc)}"
