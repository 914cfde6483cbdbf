using System.Text;

namespace Microsoft.ML.PaT.Tests;

internal static class Libstdcxx
{
    private static readonly string[] s_folders =
        ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"];

    /// <summary>Whether TorchSharp's published library cannot be loaded on this system.</summary>
    public static bool IsTooOld =>
        s_folders.Select(f => Path.Combine(f, "libstdc++.so.6")).FirstOrDefault(File.Exists) is { } file
        && File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes("GLIBCXX_3.4.32")) < 0;

    public static void RequireOld()
    {
        if (!IsTooOld)
        {
            Assert.Ignore(
                "Needs a Linux whose libstdc++ is older than GCC 13's: here TorchSharp loads as it was published.");
        }
    }
}
