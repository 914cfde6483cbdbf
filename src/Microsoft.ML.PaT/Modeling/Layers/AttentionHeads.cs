namespace Microsoft.ML.PaT.Modeling;

internal static class AttentionHeads
{
    /// <summary>
    /// Couples the channels of each head, which is kept or removed as a whole, and assigns the rows of queries, keys
    /// and values to them.
    /// </summary>
    /// <returns>The output channels, head after head.</returns>
    public static int[] Flow(ChannelGraph flow, int channels, int headWidth, string weight, string bias)
    {
        var heads = flow.Produce(channels);
        foreach (var head in heads.Chunk(headWidth)) flow.CoupleParts(head, headWidth);
        int[] rows = [.. heads, .. heads, .. heads];
        flow.Own(weight, 0, rows);
        flow.Own(weight, 1, flow.Input(0));
        flow.Own(bias, 0, rows);
        return heads;
    }
}
