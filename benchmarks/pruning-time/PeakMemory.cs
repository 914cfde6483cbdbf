using System.Globalization;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>The most memory that the process has held since some moment, from Linux's own count.</summary>
internal static class PeakMemory
{
    /// <summary>Forgets the peak so far.</summary>
    /// <returns>Bytes held now.</returns>
    public static long Begin()
    {
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Read("VmRSS:");
    }

    /// <summary>Bytes held at most since then, less those held at its beginning.</summary>
    public static long Since(long before) => Read("VmHWM:") - before;

    private static long Read(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return 1024
            * long.Parse(
                line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
