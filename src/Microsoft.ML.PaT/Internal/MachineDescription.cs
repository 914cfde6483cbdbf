using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Internal;

/// <summary>The machine a number was measured on, in words: without it no time in a report means anything.</summary>
internal static class MachineDescription
{
    /// <summary>Describes this machine.</summary>
    /// <param name="threads">Threads that operators used; null for as many as there are cores.</param>
    public static string Of(int? threads) =>
        $"{Processor()}, {threads ?? Environment.ProcessorCount} of {Environment.ProcessorCount} threads, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    private static string Processor()
    {
        const string cpuInfo = "/proc/cpuinfo";
        var model = File.Exists(cpuInfo) ? File.ReadLines(cpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model?[(model.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
