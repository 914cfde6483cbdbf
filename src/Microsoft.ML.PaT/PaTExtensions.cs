using Microsoft.ML.PaT;

namespace Microsoft.ML.PaT;

/// <summary>Makes pruning-aware training part of <see cref="MLContext"/>.</summary>
public static class PaTExtensions
{
    /// <summary>The trainers of Microsoft.ML.PaT: <c>ml.PaT().ImageClassification(...)</c>.</summary>
    /// <param name="ml">The context: its log receives messages, its GPU settings choose the device.</param>
    /// <remarks>Hangs off the context, as <c>ml.Auto()</c> does, because the environment of ML.NET's own catalogs is closed to other assemblies.</remarks>
    public static PaTCatalog PaT(this MLContext ml)
    {
        ArgumentNullException.ThrowIfNull(ml);
        return new(ml);
    }
}
