using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Small reports to write, read and draw.</summary>
internal static class Reports
{
    public static RunReport Pruned(string network = "resnet20-cifar") => new()
    {
        Network = network,
        Dataset = "shapes",
        Classes = ["circle", "square"],
        Recipe = new TrainingRecipe { Network = Networks.ResNet20, Seed = 7 }.ToJson(),
        Images = new(900, 100, ["broken.jpg: truncated"], 1),
        Epochs =
            [
                new(0, TrainingPhase.Dense, 0.75, 0.5, 2, 450, 0.1, null),
                new(1, TrainingPhase.Pruning, 0.5, 0.625, 2.5, 360, 0.2, 0.96875),
                new(2, TrainingPhase.Compact, 0.25, null, 1, 900, 0, null),
            ],
        PruneEpoch = 1,
        PruneReason = "EPI 0.969 reached the threshold 0.920",
        Dense = new(272_474, 40_813_184, 4.25),
        Compact = new(68_786, 10_400_000, null),
        Latencies = [new(1, 4.25, 2.5, 2.75), new(32, 60, 30, null)],
        MacEpochs = 1.75,
        Classification = new(
                "test",
                200,
                0.375,
                [new(100, 105, 90), new(100, 95, 85)],
                [
                    [90, 10],
                    [15, 85],
                ])
        {
            Worst =
            [
                new(
                    "test/circle/7.jpg",
                    "circle",
                    "square",
                    0.01,
                    0.99,
                    4.605,
                    Convert.ToBase64String(PngEncoder.Encode([255, 0, 0], 1, 1))),
            ],
        },
        Test = new(0.875, 200),
        Seconds = new(8, 2, 2.5, 1, 0.125) { Reading = 0.25, Evaluation = 1, Latency = 0.75 },
        Widths = new Dictionary<string, int[]> { ["conv1"] = [16, 8], ["layer1.0.conv1"] = [16, 4] },
        Observations =
            [
                new(0.5, [10, 6], null, null, 0.92, false, "no earlier structure"),
                new(1, [8, 4], 0.96875, 0.96875, 0.92, true, "EPI 0.969 reached the threshold 0.920")
                {
                    Churn = 0.25,
                    Kept = "8A8=",
                },
            ],
        Machine = "2 cores",
    };

    public static RunReport NeverPruned() => Pruned() with
    {
        Recipe = new TrainingRecipe
        {
            Network = Networks.ResNet20, Pruning = new() { Policy = PruningPolicy.Never },
        }.ToJson(),
        PruneEpoch = null,
        PruneReason = null,
        Compact = null,
        Latencies = [new(1, 4.25, null, null)],
        MacEpochs = 3,
        Observations = [],
        Epochs = [.. Pruned().Epochs.Select(epoch => epoch with { Phase = TrainingPhase.Dense, Epi = null })],
        Widths = new Dictionary<string, int[]> { ["conv1"] = [16, 16] },
    };

    public static string Json(RunReport report)
    {
        using var memory = new MemoryStream();
        report.WriteJson(memory);
        return System.Text.Encoding.UTF8.GetString(memory.ToArray());
    }

    public static RunReport FromJson(string json)
    {
        using var memory = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        return RunReport.ReadJson(memory);
    }
}
