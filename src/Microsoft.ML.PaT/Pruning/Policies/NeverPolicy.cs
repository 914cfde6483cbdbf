using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT;

/// <summary>Never prunes: the dense reference.</summary>
public sealed record NeverPolicy : PruningPolicy
{
    /// <inheritdoc/>
    public override string Name => "never";

    internal override bool CanStartAt(int epoch, TrainingOptions training, bool gradients) => true;

    internal override PolicyWatch? Watch(ImportanceCriterion criterion, TrainingOptions training) => null;
}
