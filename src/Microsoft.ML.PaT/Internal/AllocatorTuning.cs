using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Internal;

/// <summary>
/// Keeps glibc from returning the memory of a step's activations to the kernel, which would have to clear the pages
/// again in the next step. That took a third of the training time on two cores.
/// </summary>
internal static partial class AllocatorTuning
{
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3;

    private static readonly Lazy<bool> s_applied = new(() =>
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return Mallopt(MmapThreshold, 1 << 30) + Mallopt(TrimThreshold, int.MaxValue) + Mallopt(TopPad, 64 << 20)
                == 3;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false; // another C library, such as musl: it has no such settings
        }
    });

    /// <summary>Applies the settings once per process.</summary>
    /// <returns>Whether the C library accepted them.</returns>
    public static bool Apply() => s_applied.Value;

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);
}
