using System.Globalization;
using System.Text.Json;
using Microsoft.ML.PaT.Pruning;

namespace PaT.Cli;

/// <summary>Recorded indicator curves and channel counts.</summary>
internal static class IndicatorFiles
{
    private const int DefaultWindow = 5;

    /// <summary>Epochs of a run that is so long that recorded curves end before its deadline.</summary>
    private const int EndlessRun = int.MaxValue;

    /// <summary>The epoch at which a recorded curve triggers pruning; null for none.</summary>
    /// <param name="file">JSON, {"epoch": EPI, ...}; null if the indicator is not defined.</param>
    /// <param name="tau">The threshold, a fraction.</param>
    /// <exception cref="InvalidInputFileException">The file has other content.</exception>
    public static int? Trigger(string file, double tau)
    {
        var policy = PruningPolicy.EarlyPruningIndicator(tau);
        var seen = new List<PolicyObservation>();
        foreach (var (epoch, epi) in Curve(file))
        {
            // The rule compares with the epochs directly before, so the comparison starts again after a missing epoch.
            if (seen.Count > 0 && epoch != seen[^1].Epoch + 1) seen.Clear();
            seen.Add(new()
            {
                Epoch = epoch, Epochs = EndlessRun, Counts = [], Kept = [], Epi = epi,
            });
            if (policy.Decide(seen).Prune) return epoch;
        }
        return null;
    }

    /// <summary>Indicator after each recorded epoch; null before it is defined.</summary>
    /// <param name="file">JSON, {"epochs": [[channels of layer 1, ...], ...], "window": 5}.</param>
    /// <exception cref="InvalidInputFileException">The file has other content.</exception>
    public static List<double?> Indicators(string file)
    {
        using var json = Read(file);
        try
        {
            var window = json.RootElement.TryGetProperty("window", out var given) ? given.GetInt32() : DefaultWindow;
            if (window < 1)
                throw new InvalidInputFileException($"\"window\" in {file} is {window}: it must be at least 1");
            var epochs = json.RootElement.GetProperty("epochs").EnumerateArray().Select(Counts).ToList();
            if (epochs.Exists(e => e.Length != epochs[0].Length || e.Length == 0 || e.Any(n => n < 0)))
            {
                throw new InvalidInputFileException(
                    $"\"epochs\" in {file} must hold the same layers in every epoch, at least one, with counts of 0 or "
                    + "more");
            }
            var indicator = new EarlyPruningIndicator(window);
            return [.. epochs.Select(counts => indicator.Observe(counts))];
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            const string Form = "{\"epochs\": [[channels of layer 1, ...], ...], \"window\": 5}";
            throw new InvalidInputFileException($"{file} must be {Form} with whole numbers", e);
        }
    }

    private static int[] Counts(JsonElement epoch) => [.. epoch.EnumerateArray().Select(n => n.GetInt32())];

    private static List<(int Epoch, double? Epi)> Curve(string file)
    {
        using var json = Read(file);
        if (json.RootElement.ValueKind != JsonValueKind.Object) throw NotACurve(file);
        var curve = new List<(int Epoch, double? Epi)>();
        foreach (var point in json.RootElement.EnumerateObject())
        {
            var isEpoch = int.TryParse(
                point.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var epoch);
            if (!isEpoch || point.Value.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null))
                throw NotACurve(file);
            curve.Add((epoch, point.Value.ValueKind == JsonValueKind.Null ? null : point.Value.GetDouble()));
        }
        return [.. curve.OrderBy(p => p.Epoch)];
    }

    private static InvalidInputFileException NotACurve(string file) =>
        new($"{file} must be one curve, {{\"epoch\": EPI, ...}}, with whole numbers as names and numbers as values");

    private static JsonDocument Read(string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException e)
        {
            throw new InvalidInputFileException($"{file} is not JSON: {JsonText.Describe(e)}", e);
        }
    }
}
