using System.Globalization;
using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>Whether and where a run writes down all that it needs to go on after it was killed.</summary>
/// <remarks>
/// A checkpoint is written at the end of every epoch and, within one, whenever <see cref="Interval"/> has passed. It appears as a whole or not at all.
/// A run that goes on from one ends, on a CPU, with the very weights of the run that was not disturbed (docs/decisions/checkpoints.md).
/// </remarks>
public sealed record CheckpointOptions
{
    /// <summary>The folder of one run, used by one process at a time; made when it is not there.</summary>
    /// <value>Default: none, and no checkpoints.</value>
    public string? Folder { get; init; }

    /// <summary>Time between two checkpoints within an epoch.</summary>
    /// <value>At least one millisecond; default 5 minutes.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Checkpoints that stay: the last so many. The one with the best validation accuracy stays as well.</summary>
    /// <value>At least 1; default 2, so that there is one to fall back on when the last is damaged.</value>
    [InRange(1)]
    public int Keep { get; init; } = 2;

    /// <summary>
    /// Goes on from the last checkpoint of <see cref="Folder"/>; starts from the beginning when there is none. The options and the images must be
    /// those of the run that wrote it; only columns, progress, cancellation, patience, what to do on divergence, and these options may differ.
    /// </summary>
    /// <value>Default false: then a folder with checkpoints of an unfinished run is refused.</value>
    public bool Resume { get; init; }

    /// <summary>
    /// Starts from a file that another run wrote at the end of an epoch before its cut, instead of from the beginning: one dense run serves as the
    /// beginning of many that prune differently. Everything in <see cref="TrainingRecipe.Pruning"/> may differ; the rest must be
    /// the same, and then the result is that of a run from the beginning, on a CPU bit for bit.
    /// </summary>
    /// <remarks>
    /// The policy must not depend on what came before: <see cref="PruningPolicy.AtEpoch"/> (for gradient scores, later than the branch by at least one
    /// epoch, over which they are gathered) or <see cref="PruningPolicy.Never"/>. With <see cref="Resume"/>, the run's own checkpoints come first.
    /// </remarks>
    /// <value>Default none. <see cref="PathAfter"/> names the file of an epoch.</value>
    public string? StartFrom { get; init; }

    /// <summary>The checkpoint that a run leaves when so many epochs are done.</summary>
    /// <param name="folder">The <see cref="Folder"/> of that run, whose <see cref="Keep"/> must reach back far enough.</param>
    /// <param name="epochs">Epochs done, at least 1.</param>
    public static string PathAfter(string folder, int epochs)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        return PathOf(folder, epochs, step: 0);
    }

    internal const string Extension = ".checkpoint";

    /// <summary>The path of a checkpoint; names sort by position.</summary>
    internal static string PathOf(string folder, int epoch, int step) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D5}-step-{step:D7}{Extension}"));
}
