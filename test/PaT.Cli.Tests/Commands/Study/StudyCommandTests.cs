namespace PaT.Cli.Tests;

public sealed class StudyCommandTests
{
    [Test]
    public void A_second_study_is_refused_and_told_who_works_there()
    {
        using var folder = new TemporaryFolder();
        using (new FileStream(folder.File(".lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None))
        {
            var (exitCode, _, error) = Pat.Run("study", "oracle", "--data", "shapes", "--out", folder.Path);
            Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)));
            Assert.That(error[0], Does.StartWith("error: ").And.Contains($"{folder.Path} is in use by"));
        }

        // A lock file that nobody holds is what a killed process leaves: no lock. The next obstacle is the missing
        // data.
        Assert.That(File.Exists(folder.File(".lock")), Is.True);
        Assert.That(
            Pat.Run("study", "oracle", "--data", folder.File("none"), "--out", folder.Path).Error[^1],
            Does.Contain("no such folder or archive"));
    }

    [TestCase("retraining")]
    [TestCase("widths")]
    [TestCase("plan")]
    public void Pruning_that_a_study_does_not_vary_is_refused_in_its_recipe(string field)
    {
        using var folder = new TemporaryFolder();
        var pruning = field switch
        {
            "retraining" => new PruningOptions { Retraining = new() { Epochs = 2 } },
            "widths" => new() { Widths = new Dictionary<string, int> { ["conv1"] = 8 } },
            _ => new() { Plan = new(new Dictionary<string, int[]> { ["conv1"] = [0] }) },
        };
        new TrainingRecipe { Pruning = pruning }.Write(folder.File("recipe.json"));
        var (exitCode, _, error) = Pat.Run(
            "study", "oracle", "--recipe", folder.File("recipe.json"), "--data", "shapes", "--out", folder.File("ws"));
        Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)), "nothing was read");
        Assert.That(error[0], Does.StartWith($"error: the recipe has pruning.{field}, which the cells of a study set"));
    }

    [Test]
    public void A_workspace_that_cannot_be_written_to_is_one_line()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", "");
        var (exitCode, _, error) = Pat.Run("study", "oracle", "--data", "shapes", "--out", folder.File("file"));
        Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)));
        Assert.That(error[0], Does.Contain("cannot write to the folder").And.Contains("--out"));
    }
}
