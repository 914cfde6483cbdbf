using System.Text.RegularExpressions;

namespace TorchSharp.Interop;

/// <summary>Compares the libtorch that the native half was compiled against with the one that was loaded.</summary>
internal static partial class NativeVersion
{
    internal static void Require(string builtAgainst, string configuration)
    {
        var loaded = LoadedVersion().Match(configuration) is { Success: true } match ? match.Groups[1].Value : null;
        // Builds that do not name their version (some distributions) are left to the loader, which binds every symbol at load.
        if (loaded is null || MajorMinor(loaded) == MajorMinor(builtAgainst)) return;
        throw new NotSupportedException(
            $"libtorchsharp_standin.so was built against libtorch {builtAgainst}, but libtorch {loaded} was loaded. Build standins/TorchSharp again on this machine.");
    }

    private static string MajorMinor(string version) => string.Join('.', version.Split('.').Take(2));

    [GeneratedRegex(@"TORCH_VERSION=([0-9][0-9.]*)")]
    private static partial Regex LoadedVersion();
}
