using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// oneDNN corrupts memory in some convolutions, so a process of its own computes them
/// (docs/decisions/strided-convolutions.md, docs/decisions/hidden-caches.md).
/// </summary>
public class ConvolutionTests
{
    [TestCase("ALL")]
    [TestCase("AVX2")]
    [TestCase("SSE41")]
    public void Values_and_gradients_are_right_at_every_width(string instructions)
    {
        var host =
            Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(ConvolutionProcess).Assembly.Location, "convolutions"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ONEDNN_MAX_CPU_ISA"] = instructions;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.That((said, process.ExitCode, error.Result), Is.EqualTo(("right", 0, "")));
    }
}
