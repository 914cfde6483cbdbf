using System.Globalization;
using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>Checkpoints, from which a run that was stopped or killed can be resumed.</summary>
/// <remarks>
/// A checkpoint is written atomically at the end of every epoch and after each <see cref="Interval"/> within an epoch.
/// On a CPU, a resumed run gives the same weights as an uninterrupted run, bit for bit (docs/decisions/checkpoints.md).
/// </remarks>
public sealed record CheckpointOptions
{
    /// <summary>Folder of one run, used by one process at a time; created if it does not exist.</summary>
    /// <value>Default: none, and no checkpoints.</value>
    public string? Folder { get; init; }

    /// <summary>Time between two checkpoints within an epoch.</summary>
    /// <value>At least one millisecond; default 5 minutes.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Number of latest checkpoints to keep, and of latest ones at the end of an epoch, in addition to the one with the
    /// best validation accuracy.
    /// </summary>
    /// <value>At least 1; default 2, in case the last one is damaged.</value>
    [InRange(1)]
    public int Keep { get; init; } = 2;

    /// <summary>
    /// Resumes the run from the last checkpoint in <see cref="Folder"/>; starts a new run if there is none. Options and
    /// images must be those of the run that wrote it, except columns, observers, cancellation, patience, the action on
    /// divergence, and these options.
    /// </summary>
    /// <value>Default false: a folder with checkpoints of an unfinished run is an error.</value>
    public bool Resume { get; init; }

    /// <summary>
    /// Starts from a checkpoint that another run wrote at the end of an epoch before pruning, so that many runs with
    /// different pruning share one dense run. Only <see cref="TrainingRecipe.Pruning"/> may differ. The result is that
    /// of a run from the beginning, on a CPU bit for bit.
    /// </summary>
    /// <remarks>
    /// The policy must not depend on earlier epochs: <see cref="PruningPolicy.AtEpoch"/> (with gradient-based criteria,
    /// at least one epoch after this checkpoint, in which gradients are gathered) or <see cref="PruningPolicy.Never"/>.
    /// With <see cref="Resume"/>, the run's own checkpoints have priority.
    /// </remarks>
    /// <value>Default none. <see cref="PathAfter"/> returns the file of an epoch.</value>
    public string? StartFrom { get; init; }

    /// <summary>Returns the path of the checkpoint that a run writes after a number of epochs.</summary>
    /// <param name="folder">The <see cref="Folder"/> of the run; its <see cref="Keep"/> must be large enough.</param>
    /// <param name="epochs">Number of epochs, at least 1.</param>
    public static string PathAfter(string folder, int epochs)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        return PathOf(folder, epochs, step: 0);
    }

    internal const string Extension = ".checkpoint";

    /// <summary>Whether a checkpoint was written within an epoch.</summary>
    internal static bool IsWithinEpoch(string path) =>
        !path.EndsWith($"-step-{0:D7}{Extension}", StringComparison.Ordinal);

    /// <summary>The path of a checkpoint; names sort by position.</summary>
    internal static string PathOf(string folder, int epoch, int step) =>
        Path.Combine(
            folder, string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D5}-step-{step:D7}{Extension}"));
}
