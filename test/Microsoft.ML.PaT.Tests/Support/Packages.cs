using System.Reflection;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

internal static class Packages
{
    /// <summary>Folder of restored packages.</summary>
    public static string Root { get; } = typeof(Packages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "NuGetPackageRoot").Value!;

    /// <summary>TorchSharp's native library for Linux, which requires GLIBCXX_3.4.32.</summary>
    public static string LibTorchSharp { get; } =
        Path.Combine(Root, "torchsharp", typeof(torch).Assembly.GetName().Version!.ToString(3), "runtimes",
            "linux-x64", "native", "libLibTorchSharp.so");

    /// <summary>Whether a file is that library with one flag set, as the package's MSBuild target does.</summary>
    public static bool IsWeakened(string file)
    {
        var (published, built) = (File.ReadAllBytes(LibTorchSharp), File.ReadAllBytes(file));
        return published.Length == built.Length && published.Zip(built).Count(b => b.First != b.Second) == 1;
    }
}
