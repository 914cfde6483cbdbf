using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A run of a rank on tiny pictures, and what it leaves.</summary>
internal sealed class RankRun
{
    public RankRun(PruningAwareTrainingOptions options, ProcessGroup? ranks, int pictures, int held, Action<TrainingProgress>? progress = null)
    {
        using var training = TinyPictures.Store(pictures);
        using var validation = TinyPictures.Store(held, seed: 2);
        var result = new PruningAwareRun(options, torch.CPU, p =>
        {
            if (p.Event is { } happened) Events.Add(happened);
            progress?.Invoke(p);
        })
        { Ranks = ranks }.Execute(training, validation);
        (Report, Plan) = (result.Report, result.Plan);
        Hash = TinyRun.Hash(result.Classifier);
        Weights = result.Classifier.Weights.ToDictionary(w => w.Key, w => w.Value.cpu().contiguous().data<float>().ToArray());
        result.Classifier.Dispose();
    }

    public RunReport Report { get; }

    public PruningPlan? Plan { get; }

    public List<string> Events { get; } = [];

    /// <summary>Every weight, bit for bit.</summary>
    public string Hash { get; }

    public IReadOnlyDictionary<string, float[]> Weights { get; }

    /// <summary>How far the weights are apart at most, beside the largest one.</summary>
    public double DistanceTo(RankRun other)
    {
        Assert.That(Weights.Keys, Is.EquivalentTo(other.Weights.Keys));
        return Weights.Max(w => w.Value.Zip(other.Weights[w.Key]).Max(p => Math.Abs(p.First - p.Second) / Math.Max(1.0, Math.Abs(p.Second))));
    }
}
