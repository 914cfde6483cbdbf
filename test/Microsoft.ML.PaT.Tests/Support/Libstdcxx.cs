using System.Text;

namespace Microsoft.ML.PaT.Tests;

/// <summary>The C++ library that the loader takes on this system.</summary>
internal static class Libstdcxx
{
    private static readonly string[] s_folders =
        ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"];

    /// <summary>Whether TorchSharp's library, as published, cannot be loaded here.</summary>
    public static bool IsTooOld =>
        s_folders.Select(f => Path.Combine(f, "libstdc++.so.6")).FirstOrDefault(File.Exists) is { } file
        && File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes("GLIBCXX_3.4.32")) < 0;

    /// <summary>Skips the test elsewhere.</summary>
    public static void RequireOld()
    {
        if (!IsTooOld) Assert.Ignore("Needs a Linux whose libstdc++ is older than GCC 13's: here TorchSharp loads as it was published.");
    }
}
