#!/usr/bin/env bash
# Builds when sources are newer than the program, then becomes the program: ./run.sh --help
# On Windows, or without bash: dotnet run --project src/PaT.Cli -c Release -- ARGUMENTS
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$root/eng/require-sdk.sh"

program=$root/artifacts/bin/PaT.Cli/release/pat
stamp=$root/artifacts/build/run.stamp

# Every file that a build reads. The stamp holds this list as of the last build, so that removed files count as changes too.
sources() {
  cd "$root"
  find src eng Directory.* \( -name bin -o -name obj \) -prune -o -type f "$@" -print
}

up_to_date() {
  [[ -x $program && -f $stamp ]] || return 1
  [[ $(sources | LC_ALL=C sort) == "$(<"$stamp")" && -z $(sources -newer "$stamp" -print -quit) ]]
}

build() {
  local log=$root/artifacts/build/run.log started=$SECONDS
  mkdir -p "${stamp%/*}"
  sources | LC_ALL=C sort >"$stamp.new"
  echo "run: building (the first time takes a minute, and longer where packages are downloaded)" >&2
  if ! (cd "$root" && DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet build src/PaT.Cli -c Release -v q -clp:ErrorsOnly >"$log" 2>&1); then
    cat "$log" >&2
    echo "run: the build failed; the log above is artifacts/build/run.log" >&2
    exit 1
  fi
  mv "$stamp.new" "$stamp"
  echo "run: built in $((SECONDS - started)) s" >&2
}

up_to_date || build

# The program looks for its runtime where dotnet says, else where the dotnet on the path is.
if [[ -z ${DOTNET_ROOT:-} ]]; then
  dotnet=$(readlink -f "$(command -v dotnet)")
  [[ -d ${dotnet%/*}/shared ]] && export DOTNET_ROOT=${dotnet%/*}
fi
exec "$program" "$@"
