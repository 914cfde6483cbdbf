using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.PaT.Experiments;
using Microsoft.ML.PaT.Internal;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>The files of a sweep: every trial as CSV and JSON, and the best model.</summary>
/// <param name="folder">The folder.</param>
internal sealed class SweepFiles(string folder)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The folders of the trials.</summary>
    public string Trials => Path.Combine(folder, "trials");

    /// <summary>One row a trial.</summary>
    public string Csv => Path.Combine(folder, "sweep.csv");

    /// <summary>What was searched and found.</summary>
    public string Json => Path.Combine(folder, "sweep.json");

    /// <summary>The most accurate model.</summary>
    public string Model => Path.Combine(folder, "model.pat");

    /// <summary>Writes all of them; each appears at once.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="settings">What was searched.</param>
    /// <param name="test">Accuracy of the best model on the test images; null without one.</param>
    public void Write(PruningExperimentResult result, PruningExperimentSettings settings, double? test)
    {
        var front = result.ParetoFront().Select(t => t.Id).ToHashSet();
        AtomicFile.Write(Csv, file => file.Write(Encoding.UTF8.GetBytes(CsvOf(result.RunDetails, front))));
        AtomicFile.Write(Json, file => JsonSerializer.Serialize(
            file,
            new
            {
                Strategy = settings.Strategy.Name, settings.Seed, settings.Options.Training.Epochs, settings.Folds, settings.Halving, Best = result.BestRun?.Id, Test = test,
                Trials = result.RunDetails.Select(t => new
                {
                    t.Number, t.Id, State = t.State.ToString().ToLowerInvariant(), t.Values, t.Epochs, t.Accuracy, t.LatencyMs, t.Macs, t.Parameters, t.Seconds, OnFront = front.Contains(t.Id), Error = Error(t),
                }),
            }, Options));
        result.BestRun?.Model.SaveArchive(Model);
    }

    private static string CsvOf(IReadOnlyList<PruningTrial> trials, HashSet<string> front)
    {
        var axes = trials.SelectMany(t => t.Values.Keys).Distinct().ToList();
        var csv = new StringBuilder();
        csv.AppendJoin(',', ["trial", "id", "state", .. axes.Select(a => a.ToLowerInvariant()), "epochs", "accuracy", "latency_ms", "macs", "parameters", "seconds", "on_front", "error"]).Append('\n');
        foreach (var t in trials)
        {
            object?[] cells = [t.Number, t.Id, t.State.ToString().ToLowerInvariant(), .. axes.Select(a => t.Values.GetValueOrDefault(a)), t.Epochs, t.Accuracy, t.LatencyMs, t.Macs, t.Parameters, Math.Round(t.Seconds, 3), front.Contains(t.Id) ? 1 : 0, Error(t)];
            csv.AppendJoin(',', cells.Select(c => StudyFiles.Quoted(Convert.ToString(c, CultureInfo.InvariantCulture) ?? ""))).Append('\n');
        }

        return csv.ToString();
    }

    private static string? Error(PruningTrial trial) => trial.Exception is { } e ? OneLine.Of(e) : null;
}
