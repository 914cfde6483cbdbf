namespace Microsoft.ML.PaT.Tests;

/// <summary>Prunes every network of the zoo and compares with docs/results/prunability.md.</summary>
public class PrunabilityTests
{
    // Small networks of different families; all others are Long.
    private static readonly string[] s_some =
    [
        "resnet20-cifar", "resnet20-cifar-a", "mobilenet_v1_x0_25", "mobilenet_v3_small", "shufflenet_v2_x0_5",
        "squeezenet1_1",
    ];

    private static IEnumerable<string> Others => Networks.Names.Except(s_some);

    [Test]
    public void The_committed_row_is_what_is_measured(
        [ValueSource(nameof(s_some))] string network, [Values(0.3, 0.7)] double ratio) =>
        Check(network, ratio);

    [Test, Category("Long")]
    public void The_committed_row_is_what_is_measured_everywhere(
        [ValueSource(nameof(Others))] string network, [Values(0.3, 0.7)] double ratio) =>
        Check(network, ratio);

    [Test, Category("Long")]
    public void The_table_has_every_network() =>
        Assert.That(
            PrunabilityTable.Committed().Select(r => r[0]).Distinct(),
            Is.EqualTo(Networks.Names),
            PrunabilityTable.Command);

    private static void Check(string network, double ratio)
    {
        var row = PrunabilityTable.Measure(network, ratio);
        if (Environment.GetEnvironmentVariable("PAT_WRITE_RESULTS") is not null) PrunabilityTable.Write(row);
        var committed = PrunabilityTable.Committed().SingleOrDefault(r => (r[0], r[1]) == (row[0], row[1]), []);
        Assert.That(
            PrunabilityTable.Same(committed, row),
            $"committed [{string.Join(", ", committed)}], measured [{string.Join(", ", row)}]. "
                + $"{PrunabilityTable.Command}");
    }
}
