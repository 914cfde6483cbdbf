namespace Microsoft.ML.PaT;

/// <summary>Scope in which channels are ranked.</summary>
public enum RankingScope
{
    /// <summary>All channels of the network: important groups stay wider.</summary>
    Global,

    /// <summary>
    /// The channels of each group: every group loses the same fraction, within the limits of width step and floors. The
    /// structure is then constant, so the Early Pruning Indicator has no effect.
    /// </summary>
    PerLayer,
}
