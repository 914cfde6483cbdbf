using System.Text.Json;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Runs;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Result of one rank's run on tiny images.</summary>
/// <param name="Hash">Hash of all weights.</param>
/// <param name="Weights">Weights by name.</param>
/// <param name="PruneEpoch">Epoch of pruning.</param>
/// <param name="Kept">Kept channels.</param>
/// <param name="Accuracies">Accuracy after each epoch.</param>
/// <param name="Stopped">Whether the run was canceled.</param>
/// <param name="Events">Event texts.</param>
internal sealed record RankRun(
    string Hash,
    Dictionary<string, float[]> Weights,
    int? PruneEpoch,
    Dictionary<string, int[]> Kept,
    double?[] Accuracies,
    bool Stopped,
    List<string> Events)
{
    public static RankRun Of(RankWork work, Communicator ranks)
    {
        using var training = TinyImages.Store(work.Images);
        using var validation = TinyImages.Store(work.Held, seed: 2);
        var events = new List<string>();
        var result = new PruningAwareRun(work.Options, torch.CPU, IRunObserver.Of(happened =>
        {
            if (happened is not (StepProgressed or EpochEnded)) events.Add(happened.Text);
            if (happened is EpochEnded) work.EpochEnded?.Invoke();
        }))
        { Ranks = ranks }.Execute(training, validation);
        using var classifier = result.Classifier;
        return new(
            TinyRun.Hash(classifier),
            classifier.Weights.ToDictionary(w => w.Key, w => w.Value.cpu().contiguous().data<float>().ToArray()),
            result.Report.PruneEpoch,
            result.Plan?.Kept.ToDictionary(k => k.Key, k => k.Value.ToArray()) ?? [],
            [.. result.Report.Epochs.Select(e => e.Accuracy)],
            result.Report.Stopped,
            events);
    }

    public static RankRun Read(string file) => JsonSerializer.Deserialize<RankRun>(File.ReadAllBytes(file))!;

    public void Write(string file) => File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>Largest difference of a weight, relative to the weight if that is above 1.</summary>
    public double DistanceTo(RankRun other)
    {
        Assert.That(Weights.Keys, Is.EquivalentTo(other.Weights.Keys));
        return Weights.SelectMany(w => w.Value.Zip(other.Weights[w.Key]))
            .Max(p => Math.Abs(p.First - p.Second) / Math.Max(1.0, Math.Abs(p.Second)));
    }
}
