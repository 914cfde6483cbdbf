#!/usr/bin/env bash
# Builds everything once and runs the tests; the last line is "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
usage: ./test.sh [--long] [FILTER]

  --long   also the tests of category Long; their log goes to docs/results/data/long-tests.txt
  FILTER   only tests whose full name contains it, or an expression as `dotnet test --filter` takes it
TEXT
}

long= filter=
while (($#)); do
  case $1 in
    --long) long=yes ;;
    -h | --help) usage; exit ;;
    -*) usage >&2; exit 2 ;;
    *[=~]*) filter=$1 ;;
    *) filter="FullyQualifiedName~$1" ;;
  esac
  shift
done
[[ -n $long ]] || filter="${filter:+($filter)&}TestCategory!=Long"
chosen=()
[[ -z $filter ]] || chosen=(--filter "$filter")

eng/require-sdk.sh
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Tests use tiny tensors: threads that sleep between two operators cost them little, threads that spin cost a busy machine much.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}
readonly results=artifacts/tests
rm -rf "$results" && mkdir -p "$results"
started=$SECONDS
echo "test: building" >&2
dotnet build PaT.sln -c Release -v q -clp:ErrorsOnly >"$results/build.log" 2>&1 || {
  cat "$results/build.log" >&2
  echo "test: the build failed; the log above is $results/build.log" >&2
  exit 1
}
echo "test: built in $((SECONDS - started)) s" >&2

counter() { # name, trx file
  sed -n "s/.*<Counters [^>]*\b$1=\"\([0-9]*\)\".*/\1/p" "$2"
}

verbosity=minimal patience=15m
if [[ -n $long ]]; then verbosity=normal patience=120m; fi

passed=0 failed=0 skipped=0
for project in test/*/*.csproj; do
  name=$(basename "$project" .csproj)
  trx=$results/$name.trx status=0 failed_here=0
  echo "test: $name" >&2
  dotnet test "$project" -c Release --no-build "${chosen[@]}" --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=$verbosity" \
    --blame-hang-timeout "$patience" --blame-hang-dump-type none \
    </dev/null 2>&1 | tee "$results/$name.log" || status=${PIPESTATUS[0]}
  if [[ -f $trx ]]; then
    total=$(counter total "$trx") executed=$(counter executed "$trx") good=$(counter passed "$trx")
    failed_here=$((executed - good))
    passed=$((passed + good)) skipped=$((skipped + total - executed))
  fi
  # A test process that dies reports no failed test: it is one.
  if ((status != 0 && failed_here == 0)); then
    failed_here=1
    echo "test: $name ended early (exit code $status)" >&2
  fi
  failed=$((failed + failed_here))
done
summary="$passed passed, $failed failed, $skipped skipped"

if [[ -n $long ]]; then
  mkdir -p docs/results/data
  {
    echo "./test.sh --long${filter:+ '$filter'}, commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown), $(nproc) cores, $(uname -sm)"
    grep -hE '^ +(Passed|Failed|Skipped) ' "$results"/*.log | sort -k2
    echo "$summary in $((SECONDS - started)) s, build included"
  } >docs/results/data/long-tests.txt
fi
((passed + failed > 0)) || echo "test: no test ran" >&2
echo "$summary"
((failed == 0 && passed > 0))
