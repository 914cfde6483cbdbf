using System.Globalization;
using System.Text.Json;

namespace PaT.Cli.Tests;

public sealed class IndicatorCommandTests
{
    public static IEnumerable<TestCaseData> PublishedCurves()
    {
        using var golden = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "epi-curves.json")));
        foreach (var curve in golden.RootElement.GetProperty("curves").EnumerateArray())
        {
            yield return new TestCaseData(
                curve.GetProperty("epi").GetRawText(),
                curve.GetProperty("tau").GetDouble(),
                curve.GetProperty("trigger").GetInt32()).SetName($"{{m}}({curve.GetProperty("name").GetString()})");
        }
    }

    [TestCaseSource(nameof(PublishedCurves))]
    public void Published_curves_give_the_published_epochs(string curve, double tau, int epoch) =>
        Assert.That(Trigger(curve, tau), Is.EqualTo(epoch.ToString(CultureInfo.InvariantCulture)));

    [TestCase(
        "{\"0\":0.5,\"1\":0.5,\"2\":0.5,\"3\":0.5,\"4\":0.5,\"5\":0.9}",
        0.9,
        ExpectedResult = "5",
        TestName = "the threshold itself is enough")]
    [TestCase(
        "{\"0\":0.5,\"1\":0.5,\"2\":0.5,\"3\":0.5,\"4\":0.5,\"5\":0.8999}",
        0.9,
        ExpectedResult = "none",
        TestName = "below the threshold nothing happens")]
    [TestCase(
        "{\"0\":1,\"1\":1,\"2\":1,\"3\":1,\"4\":1}",
        0.9,
        ExpectedResult = "none",
        TestName = "five earlier values are needed")]
    [TestCase(
        "{\"0\":1,\"1\":0.9,\"2\":0.9,\"3\":0.9,\"4\":0.9,\"5\":0.95,\"6\":0.95}",
        0.9,
        ExpectedResult = "6",
        TestName = "a higher value within the last five holds it back")]
    [TestCase(
        "{\"3\":null,\"4\":0.9,\"5\":0.9,\"6\":0.9,\"7\":0.9,\"8\":0.9,\"9\":0.9}",
        0.9,
        ExpectedResult = "9",
        TestName = "undefined epochs do not count")]
    [TestCase(
        "{\"9\":0.95,\"8\":0.9,\"7\":0.9,\"6\":0.9,\"5\":0.9,\"4\":0.9}",
        0.9,
        ExpectedResult = "9",
        TestName = "the order of the file does not matter")]
    [TestCase(
        "{\"0\":0.9,\"1\":0.9,\"2\":0.9,\"3\":0.9,\"4\":0.9,\"6\":0.9,\"7\":0.9,\"8\":0.9,\"9\":0.9,\"10\":0.9}",
        0.9,
        ExpectedResult = "none",
        TestName = "a missing epoch starts the look-back anew")]
    [TestCase("{}", 0.9, ExpectedResult = "none", TestName = "an empty curve never triggers")]
    public string The_trigger_follows_its_rule(string curve, double tau) => Trigger(curve, tau);

    [Test]
    public void Indicators_follow_their_formula()
    {
        // d = |8-4|/(8+4) = 1/3 in one of two layers: Psi = 5/6 across the change, 1 elsewhere.
        var lines = Counts("{\"epochs\":[[8,8],[8,8],[4,8],[4,8],[4,8],[0,0]],\"window\":2}");
        Assert.That(lines[..2], Is.EqualTo(new[] { "nan", "nan" }));
        Assert.That(lines[2..].Select(Number), Is.EqualTo(new[] { 5 / 6.0, 11 / 12.0, 1.0, 0.0 }).Within(1e-15));
    }

    [Test]
    public void Two_empty_layers_are_the_same() =>
        Assert.That(Counts("{\"epochs\":[[0,4],[0,4]],\"window\":1}"), Is.EqualTo(new[] { "nan", "1" }));

    [Test]
    public void The_window_is_five_unless_told() =>
        Assert.That(
            Counts("{\"epochs\":[[3],[3],[3],[3],[3],[3]]}"),
            Is.EqualTo(new[] { "nan", "nan", "nan", "nan", "nan", "1" }));

    [TestCase("--curve", "[1, 2]", "one curve")]
    [TestCase("--curve", "{\"a\": 1}", "one curve")]
    [TestCase("--curve", "{\"first\": {\"1\": 0.5}}", "one curve")]
    [TestCase("--curve", "{", "not JSON")]
    [TestCase("--counts", "{\"epochs\": [[1, 2], [1]]}", "same layers")]
    [TestCase("--counts", "{\"epochs\": [[1.5]]}", "whole numbers")]
    [TestCase("--counts", "{\"window\": 5}", "whole numbers")]
    [TestCase("--counts", "{\"epochs\": [[1]], \"window\": 0}", "at least 1")]
    [TestCase("--counts", "[]", "whole numbers")]
    public void Another_file_is_one_line(string option, string content, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file.json", content);
        var (exitCode, output, error) =
            option == "--curve"
                ? Pat.Run("study", "indicator", option, file, "--tau", "0.9")
                : Pat.Run("study", "indicator", option, file);
        Assert.That((exitCode, output.Length, error.Length), Is.EqualTo((1, 0, 1)));
        Assert.That(error[0], Does.StartWith("error: ").And.Contains(expected));
    }

    private static string Trigger(string curve, double tau)
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, _) = Pat.Run(
            "study", "indicator", "--curve", folder.Write("curve.json", curve), "--tau",
            tau.ToString("R", CultureInfo.InvariantCulture));
        Assert.That(exitCode, Is.Zero);
        return output[^1];
    }

    private static string[] Counts(string json)
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, _) = Pat.Run("study", "indicator", "--counts", folder.Write("counts.json", json));
        Assert.That(exitCode, Is.Zero);
        return output;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
