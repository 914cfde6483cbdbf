namespace Microsoft.ML.PaT.Pruning;

/// <summary>Decision of a policy.</summary>
/// <param name="Prune">Whether to prune now.</param>
/// <param name="Reason">Reason for the log and the report, one sentence without a period.</param>
public sealed record PolicyDecision(bool Prune, string Reason)
{
    /// <summary>Threshold of the indicator; NaN until it is defined.</summary>
    /// <value>Default null: the policy has no threshold.</value>
    public double? Tau { get; init; }
}
