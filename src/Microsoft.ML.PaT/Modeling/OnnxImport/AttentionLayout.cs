using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Assigns the parts of attention to heads and windows.</summary>
internal sealed record AttentionLayout(
    int[] Head, int[] Window, int[] First, IReadOnlyList<int[]> Windows, int HeadWidth)
{
    /// <exception cref="InvalidFileException">A window lacks a head, or heads differ between
    /// windows.</exception>
    public static AttentionLayout Of(OnnxNode node, AttentionScores scores, AttentionPart[] values)
    {
        var (heads, windows) = (new Dictionary<string, int>(), new Dictionary<string, int>());
        var (first, tokens) = (new List<int>(), new List<int[]>());
        var (head, window) = (new int[values.Length], new int[values.Length]);
        for (var part = 0; part < values.Length; part++)
        {
            var channels = string.Join(
                ' ',
                [.. scores.Queries[part].Channels, -1, .. scores.Keys[part].Channels, -1, .. values[part].Channels]);
            if (!heads.TryGetValue(channels, out head[part]))
            {
                heads[channels] = head[part] = first.Count;
                first.Add(part);
            }
            var sites = string.Join(' ', values[part].Sites);
            if (!windows.TryGetValue(sites, out window[part]))
            {
                windows[sites] = window[part] = tokens.Count;
                tokens.Add(values[part].Sites);
            }
        }
        var isComplete =
            head.Zip(window).Distinct().Count() == values.Length && heads.Count * windows.Count == values.Length;
        return isComplete
            ? new(head, window, [.. first], tokens, values[0].Channels.Length)
            : throw OnnxImport.Refuse(node, "the same heads in every window were expected");
    }
}
