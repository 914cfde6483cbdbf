using System.Globalization;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// The table of docs/results/prunability.md: cost of each network without 30% or 70% of its channels.
/// </summary>
internal static class PrunabilityTable
{
    public const string Command = "PAT_WRITE_RESULTS=1 ./test.sh --long Prunability writes the table anew.";

    private static readonly int[] s_steps = [1, 8];

    private static string Path => Repository.File("docs", "results", "prunability.md");

    /// <summary>
    /// Prunes a network by magnitude with both width steps, compares it with the masked network, and measures its cost.
    /// </summary>
    /// <returns>The row: network, ratio, then remaining parameters and MACs for each step, 0 to 1, or an
    /// error.</returns>
    public static string[] Measure(string network, double ratio)
    {
        var dense = Networks.ByName(network).Build(new(3, 64, 64), 10);
        var groups = ChannelGroups.Of(dense);
        var whole = NetworkCost.Of(dense);
        return
        [
            network,
            ratio.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", ""),
            .. s_steps.SelectMany(Left),
        ];

        IEnumerable<string> Left(int step)
        {
            var most = ReachableRange.Of(
                    PruningTargetKind.Channels,
                    WidthCost.Of(PruningTargetKind.Channels, groups),
                    [.. groups.Groups.Select(_ => 1)],
                    step)
                .Most.Ratio;
            if (ratio > most) return [FormattableString.Invariant($"at most {100 * most:F1}% can go"), ""];
            var compact = NetworkCost.Of(
                SurgeryAssert.Equal(
                    dense, (groups, tensors) => Plan(groups, tensors, ratio, step), torch.float32, seed: 1));
            return [Fraction(compact.Parameters, whole.Parameters), Fraction(compact.Macs, whole.Macs)];
        }
    }

    public static List<string[]> Committed() => [.. File.ReadLines(Path)
        .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && l.Contains('%'))
        .Select(l => l[1..^1].Split('|', StringSplitOptions.TrimEntries))];

    /// <summary>
    /// Whether two rows are equal. Channels with equal scores to the last digit may differ between processors.
    /// </summary>
    public static bool Same(string[] one, string[] other) =>
        one.Length == other.Length
        && one.Zip(other)
            .All(p =>
                p.First == p.Second
                || (
                    double.TryParse(p.First, CultureInfo.InvariantCulture, out var a)
                    && double.TryParse(p.Second, CultureInfo.InvariantCulture, out var b)
                    && Math.Abs(a - b) < 0.005));

    /// <summary>Replaces the row of the same network and ratio in the committed table.</summary>
    public static void Write(string[] row)
    {
        var names = Networks.Names.ToList();
        var table = Committed()
            .Where(r => (r[0], r[1]) != (row[0], row[1]) && names.Contains(r[0]))
            .Append(row)
            .OrderBy(r => names.IndexOf(r[0]))
            .ThenBy(r => r[1])
            .ToList();
        var pruned = table.Count(r => r.All(c => c.Length > 0));
        File.WriteAllText(Path, $"""
            # Which networks can be pruned

            Every network of the library for images of 3x64x64 and ten classes, with 30% and 70% of its channels
            removed by magnitude, with widths in steps of 1 and of {s_steps[1]} (for which CPUs have fast kernels). The
            output of each pruned network equals that of the dense network with masks after its layers, to 1e-5 of the
            largest output, and its forward and backward pass are finite. The remaining parameters and MACs are
            fractions of the dense network's.

            `PAT_WRITE_RESULTS=1 ./test.sh --long Prunability` measures all networks and writes this page; without the
            variable it compares. {pruned} of the {table.Count} rows are of networks pruned with both steps. A row with
            a highest ratio is not a failure: every group of coupled channels keeps one width step, and narrow networks
            have little more. A run refuses the same target before training, with the same number.

            | network | channels removed | parameters left, steps of 1 | MACs left | parameters left, steps of {s_steps[
                1
            ]} | MACs left |
            |---|---|---|---|---|---|

            """.ReplaceLineEndings("\n") + string.Concat(table.Select(r => $"| {string.Join(" | ", r)} |\n")));
    }

    private static PruningPlan Plan(
        ChannelGroups groups, IReadOnlyDictionary<string, torch.Tensor> tensors, double ratio, int step)
    {
        using var scope = torch.NewDisposeScope();
        using var network = new TrainableNetwork(groups.Flow.Definition, tensors, torch.CPU);
        using var scorer = new ChannelScorer(
            new() { Criterion = Importance.Magnitude }, network, images: null, seed: 0, planner: null);
        return ChannelRanking.Keep(groups, scorer.Score(observations: 1), (1 - ratio) * groups.Neurons, step);
    }

    private static string Fraction(long part, long whole) =>
        ((double)part / whole).ToString("F3", CultureInfo.InvariantCulture);
}
