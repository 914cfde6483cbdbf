namespace Microsoft.ML.PaT.Pruning;

/// <summary>What a policy decides.</summary>
/// <param name="Prune">Whether to prune now.</param>
/// <param name="Reason">Why, one sentence without a period, for the log and the report.</param>
public sealed record PolicyDecision(bool Prune, string Reason)
{
    /// <summary>The threshold that the indicator is compared with; NaN until it is defined.</summary>
    /// <value>Default null: the policy has none.</value>
    public double? Tau { get; init; }
}
