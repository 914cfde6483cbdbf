#!/usr/bin/env bash
# Says what to install where the .NET 10 SDK is missing. Everything else comes with the packages.
command -v dotnet >/dev/null && [[ $(dotnet --list-sdks) =~ (^|$'\n')[1-9][0-9]\. ]] || {
  echo "the .NET 10 SDK is needed: https://dotnet.microsoft.com/download/dotnet/10.0 (or its package dotnet-sdk-10.0)" >&2
  exit 1
}
