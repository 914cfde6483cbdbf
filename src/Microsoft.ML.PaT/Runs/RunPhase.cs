using Microsoft.ML.PaT.Pruning.Budget;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// A phase of a run. Between two phases, the state of the run is complete in its <see cref="RunContext"/>.
/// </summary>
internal abstract class RunPhase
{
    /// <summary>Progress of iterative pruning, for checkpoints; null outside of it.</summary>
    public virtual IterativePruningState? Pruning => null;

    /// <summary>Trains until the phase is over.</summary>
    /// <returns>The next phase; null at the end of the run and when it is canceled.</returns>
    public abstract RunPhase? Run(RunContext run);
}
