using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>One line of the results.</summary>
/// <param name="Side"><c>baseline</c>, <c>head</c> or <c>tuned</c>.</param>
/// <param name="Size">Height and width of the images.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Training">Time from the files to the model.</param>
internal sealed record Cell(string Side, int Size, int Seed, Seconds Training)
{
    /// <summary>Fields of the recipe that differ from the preset's.</summary>
    public string Settings { get; init; } = "";

    /// <summary>On the images of the part; null where another seed gives the same model.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Time from the files of the part to their classes.</summary>
    public Seconds? Testing { get; init; }

    /// <summary>The epoch, from 0, in which it was pruned.</summary>
    public int? PruneEpoch { get; init; }

    public ModelReport? Dense { get; init; }

    public ModelReport? Compact { get; init; }

    public string ToCsv(string part, int images) => string.Join(
        ',',
        new object?[]
        {
            Side, part, images, Size, Seed, Settings, Accuracy, Training.Wall, Training.Cpu, Testing?.Wall,
            Testing?.Cpu, PruneEpoch, Dense?.Macs, Compact?.Macs, Dense?.LatencyMs, Compact?.LatencyMs,
        }.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));
}

/// <summary>Wall-clock time, and CPU time of the process, which other programs hardly change.</summary>
internal sealed record Seconds(double Wall, double Cpu);

internal readonly record struct Clock(long At, TimeSpan Cpu)
{
    public static Clock Start() => new(Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);

    public Seconds Elapsed => new(
        Math.Round(Stopwatch.GetElapsedTime(At).TotalSeconds, 1),
        Math.Round((Process.GetCurrentProcess().TotalProcessorTime - Cpu).TotalSeconds, 1));
}
