using System.Text.Json;
using Microsoft.ML.PaT.Internal;

namespace Microsoft.ML.PaT.Pruning.Channels;

/// <summary>Makes plans from widths, the numbers of channels of layers: <c>{"layer1.0.conv1": 24, ...}</c>.</summary>
internal static class NetworkWidths
{
    private const int MaxFileBytes = 16 << 20;

    /// <param name="path">A JSON object of layer names and whole numbers.</param>
    public static IReadOnlyDictionary<string, int> Load(string path)
    {
        var widths = new Dictionary<string, int>();
        try
        {
            using var json = JsonDocument.Parse(SmallFile.ReadJson(path, MaxFileBytes));
            foreach (var layer in json.RootElement.EnumerateObject())
            {
                if (layer.Value.ValueKind != JsonValueKind.Number || !layer.Value.TryGetInt32(out var channels))
                    throw new FormatException($"layer '{layer.Name}' has {layer.Value.GetRawText()} channels");
                if (!widths.TryAdd(layer.Name, channels))
                {
                    throw new InvalidFileException(
                        ErrorCodes.WidthsInvalid, $"{path} names layer '{layer.Name}' twice.");
                }
            }
            return widths;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidFileException(
                ErrorCodes.WidthsInvalid,
                $"{path} must be {{\"layer\": channels, ...}} with whole numbers: "
                    + JsonText.Describe(e),
                e);
        }
    }

    /// <summary>The plan that keeps the first channels of every group.</summary>
    public static PruningPlan PlanOf(ChannelGroups groups, IReadOnlyDictionary<string, int> widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        var asked = widths.Select(w => Wanted.Of(groups, w.Key, w.Value)).ToList();
        var kept = new (int Width, string Layer)?[groups.Groups.Count];
        // A layer with one open group determines the width of that group, which may leave other layers with one. If
        // none has just one, the next layer divides its channels among its groups.
        while (asked.Count > 0)
        {
            asked.Sort((a, b) => a.Open(kept).CompareTo(b.Open(kept)));
            asked[0].Settle(groups, kept);
            asked.RemoveAt(0);
        }
        return new(
            groups.Groups.Select((group, g) => (group.Name, Width: kept[g]?.Width ?? group.Width))
                .ToDictionary(g => g.Name, g => Enumerable.Range(0, g.Width).ToArray()));
    }

    /// <summary>
    /// The requested width of a layer. The layer has <paramref name="Fixed"/> channels that cannot be removed and, for
    /// each group in <paramref name="Parts"/>, a multiple of the group's channels.
    /// </summary>
    private sealed record Wanted(
        string Layer, int Channels, int Width, int Fixed, IReadOnlyList<(int Group, int Multiple)> Parts)
    {
        public static Wanted Of(ChannelGroups groups, string layer, int channels)
        {
            if (groups.Definition.Layers.All(l => l.Name != layer))
            {
                throw new InvalidOptionsException(
                    ErrorCodes.WidthsImpossible,
                    $"Network '{groups.Definition.Name}' has no layer '{layer}'. Layers that can be narrowed: "
                        + $"{string.Join(", ", groups.PrunableLayers)}.");
            }
            var numbers = groups.Flow.Channels(layer);
            var parts = numbers.Select(groups.GroupOf)
                .Where(g => g >= 0)
                .CountBy(g => g)
                .Select(g => (g.Key, Multiple: (double)g.Value / groups.Groups[g.Key].Width))
                .ToList();
            // A split passes on only some channels of a group, so its width does not determine that of the group.
            if (parts.Exists(p => !double.IsInteger(p.Multiple)))
            {
                throw new InvalidOptionsException(
                    ErrorCodes.WidthsImpossible,
                    $"Layer '{layer}' has only some channels of its group; give the width of a layer that produces "
                        + "them instead: "
                        + $"{string.Join(", ", parts.SelectMany(p => groups.Groups[p.Key].Layers).Distinct())}.");
            }
            var wanted = new Wanted(
                layer,
                channels,
                numbers.Length,
                numbers.Count(c => groups.GroupOf(c) < 0),
                parts.ConvertAll(p => (p.Key, (int)p.Multiple)));
            return channels >= 1 && channels <= numbers.Length ? wanted : throw wanted.Impossible("");
        }

        public int Open((int, string)?[] kept) => Parts.Count(p => kept[p.Group] is null);

        public void Settle(ChannelGroups groups, (int Width, string Layer)?[] kept)
        {
            var settled = Parts.Where(p => kept[p.Group] is not null).ToList();
            var open = Parts.Where(p => kept[p.Group] is null).ToList();
            var rest = Channels - Fixed - settled.Sum(p => p.Multiple * kept[p.Group]!.Value.Width);
            for (; open.Count > 0; open.RemoveAt(0))
            {
                // Each group gets its fraction of the remaining channels, so the last one gets all of them.
                var (group, multiple) = open[0];
                var width = groups.Groups[group].Width;
                var factor = (double)rest / open.Sum(p => p.Multiple * groups.Groups[p.Group].Width);
                var take = Math.Clamp((int)Math.Round(factor * width), 1, width);
                kept[group] = (take, Layer);
                rest -= take * multiple;
            }
            if (rest == 0) return;
            var others = settled.Select(p => kept[p.Group]!.Value.Layer).Distinct().ToList();
            throw Impossible(
                others.Count == 0
                    ? ""
                    : $"; it is coupled with '{string.Join("', '", others)}', for which another width is given");
        }

        private InvalidOptionsException Impossible(string why)
        {
            var steps = Parts is [var (_, multiple)] && multiple > 1 ? $", in steps of {multiple}" : "";
            var least = Fixed + Parts.Sum(p => p.Multiple);
            return new(
                ErrorCodes.WidthsImpossible,
                $"Layer '{Layer}' cannot have {Channels} channels: it has {Width} and can be narrowed to "
                    + $"{least}{steps}{why}.");
        }
    }
}
