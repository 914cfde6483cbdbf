// Prunes by a policy defined here: when few of the kept channels have changed over three observations.
// OwnPolicy IMAGES [EPOCHS]
//   IMAGES   a folder with one folder of images for each class
// Prints every observation, and when and why the network was pruned.
using Microsoft.ML.PaT;
using Microsoft.ML.PaT.Pruning;

var epochs = args.Length > 1 ? int.Parse(args[1]) : 20;
using var images = ImageDataset.FromFolder(args[0], Networks.ResNet20.StandardInput);
using var trained = PruningTrainer.Train(images, new PruningAwareTrainingOptions
{
    Pruning = new() { Policy = new SteadyPolicy(), Target = PruningTarget.Channels(0.5) },
    Training = new() { Epochs = epochs, BatchSize = 32 },
});

foreach (var seen in trained.Report.Observations)
    Console.WriteLine($"{seen.At:F2} epochs: {(seen.Prune ? "prune" : "wait")}, {seen.Reason}");
Console.WriteLine($"pruned in epoch {trained.Report.PruneEpoch}: {trained.Report.PruneReason}");

/// <summary>
/// Prunes when at most a small fraction of the kept channels changed in each of the last observations, and at half of
/// the run in any case.
/// </summary>
internal sealed record SteadyPolicy : PruningPolicy
{
    public double MaxChurn { get; init; } = 0.05;

    public int Observations { get; init; } = 3;

    public override string Name => "steady";

    // Four observations per epoch.
    public override int ObservationRate(int epochs) => 4;

    public override double LatestPruning(TrainingOptions training) => training.Epochs / 2.0;

    // A policy gets all observations of the run, the current one last. It needs no state, so a resumed run makes the
    // same decisions.
    public override PolicyDecision Decide(IReadOnlyList<PolicyObservation> observations)
    {
        var now = observations[^1];
        var churn = observations.TakeLast(Observations).Max(o => o.Churn ?? 1);
        if (observations.Count > Observations && churn <= MaxChurn)
            return new(Prune: true, $"at most {churn:P1} of the kept channels changed");
        return now.Epoch >= now.Epochs / 2.0
            ? new(Prune: true, $"half of the run is over, and up to {churn:P1} of the kept channels still change")
            : new(Prune: false, $"up to {churn:P1} of the kept channels change");
    }
}
