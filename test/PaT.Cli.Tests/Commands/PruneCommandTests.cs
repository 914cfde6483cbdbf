using System.Text.Json;

namespace PaT.Cli.Tests;

public sealed class PruneCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_network_of_the_zoo_loses_what_is_asked_for()
    {
        var archive = _folder.File("half.pat");
        var (parameters, macs) = Prune("--network", "resnet8", "--prune-channels", "0.5", "--out", archive);
        Assert.That(parameters[1], Is.LessThan(0.4 * parameters[0]));
        Assert.That(macs[1], Is.LessThan(0.4 * macs[0]));
        Assert.That(Parameters(archive), Is.EqualTo(parameters[1]));
    }

    [Test]
    public void Nothing_is_removed_at_zero()
    {
        var archive = _folder.File("same.pat");
        var (parameters, macs) = Prune("--network", "resnet8", "--prune-macs", "0", "--out", archive);
        Assert.That((parameters[1], macs[1]), Is.EqualTo((parameters[0], macs[0])));
        Assert.That(Parameters(archive), Is.EqualTo(parameters[0]));
    }

    [Test]
    public void An_onnx_file_is_pruned_and_can_be_pruned_again()
    {
        var (a, b, c) = (_folder.File("a.onnx"), _folder.File("b.onnx"), _folder.File("c.onnx"));
        Prune("--network", "resnet8", "--prune-channels", "0", "--out", a);
        var (first, _) = Prune("--network", a, "--prune-parameters", "0.5", "--out", b);
        var (second, _) = Prune("--network", b, "--prune-parameters", "0.3", "--out", c);
        Assert.That(first[1], Is.LessThanOrEqualTo(0.5 * first[0]));
        Assert.That(second[0], Is.EqualTo(first[1]));
        Assert.That(second[1], Is.LessThanOrEqualTo(0.7 * second[0]));
    }

    [Test]
    public void Weights_of_an_archive_keep_the_names_of_their_classes()
    {
        var (trained, archive) = (_folder.File("trained.pat"), _folder.File("pruned.pat"));
        string[] classes = ["cat", "dog"];
        using (var classifier = ImageClassifier.Create(Networks.ByName("resnet8"), classes: classes))
            classifier.SaveArchive(trained);
        Prune("--network", "resnet8", "--weights", trained, "--prune-channels", "0.5", "--out", archive);
        using var pruned = ImageClassifier.Load(archive);
        Assert.That(pruned.Classes, Is.EqualTo(classes));
    }

    [Test]
    public void A_file_with_a_network_of_its_own_is_to_be_given_as_the_network()
    {
        var (half, less) = (_folder.File("half.pat"), _folder.File("less.pat"));
        Prune("--network", "resnet8", "--prune-channels", "0.5", "--out", half);
        var (exitCode, _, error) = Pat.Run(
            "prune", "--network", "resnet8", "--weights", half, "--prune-channels", "0.5", "--out", less);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[^1], Does.EndWith("give the file as the network"));
    }

    [Test]
    public void The_input_is_not_overwritten()
    {
        var file = _folder.File("a.pat");
        Prune("--network", "resnet8", "--prune-channels", "0", "--out", file);
        var before = File.ReadAllBytes(file);
        var (exitCode, _, error) = Pat.Run("prune", "--network", file, "--prune-channels", "0.5", "--out", file);
        Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)));
        Assert.That(error[0], Does.Contain("--network reads"));
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(before));
    }

    [TestCase("give exactly one of", "--out", "x.pat")]
    [TestCase("give exactly one of", "--prune-macs", "0.5", "--prune-channels", "0.5", "--out", "x.pat")]
    [TestCase("--prune-channels must be 0 to 1", "--prune-channels", "1", "--out", "x.pat")]
    [TestCase("--out must end with .onnx or .pat", "--prune-channels", "0.5", "--out", "x.zip")]
    [TestCase(
        "none are given. Choose a criterion", "--prune-channels", "0.5", "--criterion", "taylor", "--out", "x.pat")]
    [TestCase("--criterion is \"taste\"", "--prune-channels", "0.5", "--criterion", "taste", "--out", "x.pat")]
    [TestCase("steps of 1. Lower --prune-macs", "--prune-macs", "0.999", "--out", "x.pat")]
    public void What_makes_no_sense_is_refused_in_one_line(string message, params string[] arguments)
    {
        var (exitCode, output, error) = Pat.Run(["prune", "--network", "resnet8", .. arguments]);
        Assert.That((exitCode, output.Length, error.Length), Is.EqualTo((1, 0, 1)));
        Assert.That(error[0], Does.Contain(message).And.Not.Contain("pruning."));
    }

    private static (long[] Parameters, long[] Macs) Prune(params string[] arguments)
    {
        var (exitCode, output, error) = Pat.Run(["prune", .. arguments]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        using var json = JsonDocument.Parse(output.Single());
        return (Values(json, "parameters"), Values(json, "macs"));
    }

    private static long[] Values(JsonDocument json, string name) =>
        [.. json.RootElement.GetProperty(name).EnumerateArray().Select(v => v.GetInt64())];

    private static long Parameters(string file)
    {
        using var json = JsonDocument.Parse(Pat.Run("inspect", "network", "--network", file).Output.Single());
        return json.RootElement.GetProperty("parameters").GetInt64();
    }
}
