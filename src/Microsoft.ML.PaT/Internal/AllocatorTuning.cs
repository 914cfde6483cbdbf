using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Internal;

/// <summary>
/// Stops glibc from giving the activations of a step back to the kernel, which then has to clear their pages again at the next step:
/// a third of the training time on two cores.
/// </summary>
internal static partial class AllocatorTuning
{
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3;

    private static readonly Lazy<bool> s_applied = new(() =>
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return Mallopt(MmapThreshold, 1 << 30) + Mallopt(TrimThreshold, int.MaxValue) + Mallopt(TopPad, 64 << 20) == 3;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false; // another C library, such as musl: it has no such settings
        }
    });

    /// <summary>Applies the settings, once a process.</summary>
    /// <returns>Whether the C library took them.</returns>
    public static bool Apply() => s_applied.Value;

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);
}
