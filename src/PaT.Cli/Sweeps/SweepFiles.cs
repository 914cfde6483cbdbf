using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.PaT.Experiments;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>The files of a sweep: all trials as CSV and JSON, and the best model.</summary>
internal sealed class SweepFiles(string folder)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Trials => Path.Combine(folder, "trials");

    /// <summary>One row per trial.</summary>
    public string Csv => Path.Combine(folder, "sweep.csv");

    /// <summary>Settings and trials.</summary>
    public string Json => Path.Combine(folder, "sweep.json");

    public string Model => Path.Combine(folder, "model.pat");

    /// <summary>
    /// Writes all files; each is replaced as a whole. A search that was stopped does not replace the results of one
    /// that was finished.
    /// </summary>
    /// <param name="test">Accuracy of the best model on the test images; null without one.</param>
    /// <param name="isStopped">Whether the search ended before its last trial.</param>
    /// <returns>Whether the files are those of this search.</returns>
    public bool Write(PruningExperimentResult result, PruningExperimentSettings settings, double? test, bool isStopped)
    {
        if (isStopped && HasFinished()) return false;
        var front = result.ParetoFront().Select(t => t.Id).ToHashSet();
        var csv = Encoding.UTF8.GetBytes(CsvOf(result.RunDetails, front));
        AtomicFile.Write(Csv, file => file.Write(csv));
        var json = new
        {
            Strategy = settings.Strategy.Name,
            settings.Seed,
            settings.Options.Training.Epochs,
            settings.Folds,
            settings.Halving,
            Stopped = isStopped,
            Best = result.BestRun?.Id,
            Test = test,
            Trials = result.RunDetails.Select(t => new
            {
                t.Number, t.Id, State = State(t), t.Values, t.Epochs, t.Accuracy, t.LatencyMs, t.Macs, t.Parameters,
                t.Seconds, OnFront = front.Contains(t.Id), Error = Error(t),
            }),
        };
        if (result.BestRun is { } best) best.Model.SaveArchive(Model);
        else File.Delete(Model); // of an earlier search
        AtomicFile.Write(Json, file => JsonSerializer.Serialize(file, json, s_json));
        return true;
    }

    /// <summary>Whether the folder has the results of a search that was not stopped.</summary>
    private bool HasFinished()
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Json));
            return json.RootElement.TryGetProperty("stopped", out var stopped)
                && stopped.ValueKind == JsonValueKind.False;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }

    private static string CsvOf(IReadOnlyList<PruningTrial> trials, HashSet<string> front)
    {
        var axes = trials.SelectMany(t => t.Values.Keys).Distinct().ToList();
        var csv = new StringBuilder();
        Append(
        [
            "trial", "id", "state", .. axes.Select(a => a.ToLowerInvariant()), "epochs", "accuracy", "latency_ms",
            "macs", "parameters", "seconds", "on_front", "error",
        ]);
        foreach (var t in trials)
        {
            Append(
            [
                t.Number, t.Id, State(t), .. axes.Select(a => t.Values.GetValueOrDefault(a)), t.Epochs, t.Accuracy,
                t.LatencyMs, t.Macs, t.Parameters, Math.Round(t.Seconds, 3), front.Contains(t.Id) ? 1 : 0, Error(t),
            ]);
        }
        return csv.ToString();

        void Append(object?[] cells)
        {
            var texts = cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "");
            csv.AppendJoin(',', texts.Select(StudyFiles.Quoted)).Append('\n');
        }
    }

    private static string State(PruningTrial trial) => trial.State.ToString().ToLowerInvariant();

    private static string? Error(PruningTrial trial) => trial.Exception is { } e ? OneLine.Of(e) : null;
}
