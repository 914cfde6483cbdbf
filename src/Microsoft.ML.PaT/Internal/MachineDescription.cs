using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Internal;

/// <summary>Describes the machine in reports, because measured times depend on it.</summary>
internal static class MachineDescription
{
    /// <param name="threads">Number of intra-op threads; null for those of libtorch.</param>
    public static string Of(int? threads) =>
        $"{Processor()}, {threads ?? TorchSharp.torch.get_num_threads()} of {Environment.ProcessorCount} threads, "
            + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    private static string Processor()
    {
        const string cpuInfo = "/proc/cpuinfo";
        var model = File.Exists(cpuInfo)
            ? File.ReadLines(cpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        var name = model?[(model.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        return ConvolutionLibraries.OneDnnIsOff ? $"{name} without oneDNN" : name;
    }
}
