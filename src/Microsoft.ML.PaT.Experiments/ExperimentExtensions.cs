using Microsoft.ML.PaT.Experiments;

namespace Microsoft.ML.PaT;

/// <summary>Adds experiments to <c>ml.PaT()</c>.</summary>
public static class ExperimentExtensions
{
    /// <summary>
    /// Creates a search over pruning ratios, criteria, networks, learning rates and policies. Its result has all trials
    /// with their accuracy and cost.
    /// </summary>
    /// <param name="catalog">The trainers of a context.</param>
    /// <param name="settings">Options to vary, strategy and limits; <c>Execute</c> checks them.</param>
    public static PruningExperiment Experiment(this PaTCatalog catalog, PruningExperimentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(settings);
        return new(catalog, settings);
    }
}
