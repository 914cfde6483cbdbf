using System.Diagnostics;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>One line of the results.</summary>
/// <param name="Side"><c>baseline</c>, <c>head</c> or <c>tuned</c>.</param>
/// <param name="Size">Height and width of the images.</param>
/// <param name="Seed">Seed of our run.</param>
/// <param name="Accuracy">On the test images.</param>
/// <param name="Training">Time from the files to the model.</param>
/// <param name="Testing">Time from the test files to their classes.</param>
/// <param name="Macs">Multiply-accumulates for an image: dense, compact.</param>
/// <param name="LatencyMs">Milliseconds for one image: dense, compact.</param>
internal sealed record Cell(
    string Side, int Size, int Seed, double Accuracy, Seconds Training, Seconds Testing, long[]? Macs = null,
    double?[]? LatencyMs = null);

/// <summary>Wall-clock time, and CPU time of the process, which other programs hardly change.</summary>
internal sealed record Seconds(double Wall, double Cpu);

internal readonly record struct Clock(long At, TimeSpan Cpu)
{
    public static Clock Start() => new(Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);

    public Seconds Elapsed => new(
        Math.Round(Stopwatch.GetElapsedTime(At).TotalSeconds, 1),
        Math.Round((Process.GetCurrentProcess().TotalProcessorTime - Cpu).TotalSeconds, 1));
}
