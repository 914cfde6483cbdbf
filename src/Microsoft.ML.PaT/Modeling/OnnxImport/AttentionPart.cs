namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Queries, keys or values of one head in one window: [tokens,width].</summary>
/// <param name="Sites">Pixel of each token.</param>
internal sealed record AttentionPart(LayerSource Source, int[] Sites, int[] Channels)
{
    /// <summary>Finds the parts of a value [...,tokens,width].</summary>
    /// <returns>Null if the last two dimensions are not pixels and channels of a layer.</returns>
    public static AttentionPart[]? Of(ImportedView view)
    {
        if (view.Source is not LayerSource { IsInput: false } source || view.Shape.Length < 2) return null;
        var (tokens, width) = ((int)view.Shape[^2], (int)view.Shape[^1]);
        var numbers = view.Numbers();
        if (numbers.Length == 0) return null;
        var parts = new AttentionPart[numbers.Length / tokens / width];
        for (var part = 0; part < parts.Length; part++)
        {
            var own = numbers.AsSpan(part * tokens * width, tokens * width);
            var (sites, channels) = (new int[tokens], new int[width]);
            for (var t = 0; t < tokens; t++) sites[t] = source.Site(own[t * width]);
            for (var c = 0; c < width; c++) channels[c] = source.Channel(own[c]);
            for (var i = 0; i < own.Length; i++)
            {
                if (own[i] != source.Element(channels[i % width], sites[i / width])) return null;
            }
            parts[part] = new(source, sites, channels);
        }
        return parts;
    }
}
