namespace Microsoft.ML.PaT;

/// <summary>What channels are ranked against.</summary>
public enum RankingScope
{
    /// <summary>All channels of the network: important groups stay wider.</summary>
    Global,

    /// <summary>The channels of their group: every group gives up the same fraction, as far as steps of widths and floors allow. The structure is known beforehand, so the Early Pruning Indicator has nothing to see.</summary>
    PerLayer,
}
