namespace Microsoft.ML;

/// <summary>What a trainer wants of its data.</summary>
public sealed class TrainerInfo
{
    internal TrainerInfo(bool normalization, bool caching)
    {
        NeedNormalization = normalization;
        WantCaching = caching;
    }

    public bool NeedNormalization { get; }
    public bool WantCaching { get; }
}
