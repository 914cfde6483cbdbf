#!/usr/bin/env bash
# Gets a machine ready to build, and remembers in eng/local.props where the dependencies come from.
# Does nothing, quickly, when that is done.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: eng/setup.sh [--again] [packages | standins | folder DIR]

  (nothing)   the real packages where the NuGet feed has them, else the stand-ins under standins/
  packages    the real packages, unasked
  standins    the stand-ins, over the machine's own libtorch
  folder DIR  the real assemblies as files under DIR
  --again     ask and check anew

PAT_DEPENDENCIES=packages|standins|folder (with PAT_DEPENDENCY_FOLDER=DIR) does the same.
PAT_TORCH_DIR=DIR: a libtorch of your own for the stand-ins, the folder that holds include/, lib/ and share/.
TEXT
}

say() { echo "setup: $*" >&2; }
fail() { say "$*"; exit 1; }

readonly answer=eng/local.props
mode=${PAT_DEPENDENCIES:-} folder=${PAT_DEPENDENCY_FOLDER:-} torch=${PAT_TORCH_DIR:-} again=
while (($#)); do
  case $1 in
    --again) again=yes ;;
    packages | standins) mode=$1 ;;
    folder) mode=folder; folder=${2:-$folder}; (($# > 1)) && shift ;;
    -h | --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
case $mode in
  '' | packages | standins) folder= ;;
  folder) [[ -d $folder ]] || fail "folder needs an existing DIR, not '$folder'"; folder=$(cd "$folder" && pwd) ;;
  *) fail "PAT_DEPENDENCIES is '$mode'; it is one of packages, standins, folder" ;;
esac
if [[ -n $torch ]]; then
  [[ -d $torch/include ]] || fail "PAT_TORCH_DIR is '$torch', which has no include/ folder"
  torch=$(cd "$torch" && pwd)
fi

remembered() { # property
  [[ $(<"$answer") =~ \<$1[^\>]*\>([^\<]*)\< ]] && echo "${BASH_REMATCH[1]}" || true
}

done_already() {
  [[ -z $again && -f $answer ]] || return 1
  [[ $answer -nt eng/setup.sh && $answer -nt Directory.Packages.props ]] || return 1
  [[ -z $mode || $mode == "$(remembered PaTDependencies)" ]] || return 1
  [[ -z $folder || $folder == "$(remembered PaTDependencyFolder)" ]] || return 1
  [[ -z $torch || $torch == "$(remembered PaTTorchDir)" ]]
}

check_dotnet() {
  command -v dotnet >/dev/null && [[ $(dotnet --list-sdks) =~ (^|$'\n')[1-9][0-9]\. ]] ||
    fail "the .NET 10 SDK is needed: https://dotnet.microsoft.com/download/dotnet/10.0 (or its package dotnet-sdk-10.0)"
}

# Restoring the product itself asks the feed for exactly what it needs, in its own versions.
ask_feed() {
  local log=artifacts/feed/restore.log
  mkdir -p artifacts/feed
  say "asking the NuGet feed for ML.NET and TorchSharp"
  if dotnet restore src/Microsoft.ML.PaT -p:PaTDependencies=packages -p:MSBuildProjectExtensionsPath="$PWD/artifacts/feed/" -v q >"$log" 2>&1; then
    mode=packages
    say "the feed has them: using the real packages"
    return
  fi
  mode=standins
  local missing
  missing=$(sed -n 's/.*NU110[123]: Unable to find package \([A-Za-z.]*[A-Za-z]\).*/\1/p' "$log" | sort -u | paste -sd, - | sed 's/,/, /g')
  if [[ -n $missing ]]; then
    say "the feed lacks $missing: using the stand-ins under standins/"
  else
    say "the feed did not answer (artifacts/feed/restore.log): using the stand-ins under standins/; eng/setup.sh --again asks anew"
  fi
}

readonly libraries=(libtorch-dev libgloo-dev libopenblas0 libturbojpeg0-dev libstb-dev)
readonly tools=(cmake g++ ninja-build)

missing_debian_packages() {
  local package
  for package in "${libraries[@]}"; do
    [[ $package == lib@(torch|gloo)-dev && -n $torch ]] && continue
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done
  for package in "${tools[@]}"; do
    command -v "${package%-build}" >/dev/null || echo "$package"
  done
}

install_native() {
  if ! command -v apt-get >/dev/null; then
    say "the stand-ins build on libtorch (headers too), OpenBLAS, TurboJPEG, stb, CMake, Ninja and a C++17 compiler;"
    say "install them with this system's package manager if they are not there. PAT_TORCH_DIR=DIR names a libtorch elsewhere."
    return
  fi
  local packages
  mapfile -t packages < <(missing_debian_packages)
  ((${#packages[@]})) || return 0
  local root=(env DEBIAN_FRONTEND=noninteractive) log=artifacts/setup.log
  if ((EUID != 0)); then
    sudo -n true 2>/dev/null || ask_to_type "${packages[@]}"
    root=(sudo -n "${root[@]}")
  fi
  say "installing ${packages[*]} (log: $log)"
  mkdir -p artifacts
  { "${root[@]}" apt-get update && "${root[@]}" apt-get install -y --no-install-recommends "${packages[@]}"; } </dev/null >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    ask_to_type "${packages[@]}"
  }
}

ask_to_type() {
  say "these packages are missing and could not be installed from here; type this, then come back:"
  echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" >&2
  exit 1
}

# Debian's libtorch computes with whatever libblas.so.3 is: the reference BLAS is many times slower than OpenBLAS.
check_blas() {
  command -v update-alternatives >/dev/null || return 0
  local blas
  blas=$(update-alternatives --query "libblas.so.3-$(gcc -print-multiarch 2>/dev/null)" 2>/dev/null | sed -n 's/^Value: //p')
  [[ -z $blas || $blas == *openblas* || $blas == *mkl* || $blas == *blis* ]] ||
    say "BLAS is $blas, which is slow; 'sudo update-alternatives --config libblas.so.3-$(gcc -print-multiarch)' selects OpenBLAS"
}

remember() {
  local property
  {
    echo '<!-- Written by eng/setup.sh; delete it to be asked anew. -->'
    echo '<Project>'
    echo '  <PropertyGroup>'
    for property in "PaTDependencies=$mode" "PaTDependencyFolder=$folder" "PaTTorchDir=$torch"; do
      [[ -n ${property#*=} ]] || continue
      echo "    <${property%%=*} Condition=\"'\$(${property%%=*})' == ''\">${property#*=}</${property%%=*}>"
    done
    echo '  </PropertyGroup>'
    echo '</Project>'
  } >"$answer.new"
  mv "$answer.new" "$answer"
}

done_already && exit
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
check_dotnet
if [[ -n $mode ]]; then say "dependencies: $mode, as told"; else ask_feed; fi
if [[ $mode == standins ]]; then
  install_native
  check_blas
fi
remember
say "ready (dependencies: $mode)"
