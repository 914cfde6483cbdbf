using System.Security.Cryptography;

namespace PaT.Studies.Tests;

public sealed class CellTests
{
    private static readonly StudySettings s_settings = Settings.Of("resnet8");

    [Test]
    public void The_identity_is_that_of_recipe_images_and_start()
    {
        var cell = Cell.Of(s_settings.Recipe, s_settings);
        Assert.That(cell.Id, Has.Length.EqualTo(16));
        Assert.That(Cell.Of(s_settings.Recipe with { Seed = 1 }, s_settings), Is.EqualTo(cell));
        Assert.That(Cell.Of(s_settings.Recipe with { Seed = 2 }, s_settings), Is.Not.EqualTo(cell));
        Assert.That(Cell.Of(s_settings.Recipe, s_settings with { Limit = 10 }), Is.Not.EqualTo(cell));
        Assert.That(Cell.Of(s_settings.Recipe, s_settings with { Threads = 2 }), Is.Not.EqualTo(cell));
        Assert.That(
            Cell.Of(s_settings.Recipe, s_settings with { Images = s_settings.Images with { Fingerprint = "9" } }),
            Is.Not.EqualTo(cell));
        Assert.That(Cell.Of(s_settings.Recipe, s_settings, (cell, 3)), Is.Not.EqualTo(cell));
    }

    [Test]
    public void The_content_of_the_weights_is_part_of_the_identity()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("base.safetensors", "one");
        var cell = Current();
        Assert.That(cell.Weights, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData("one"u8))));
        Assert.That(Current(), Is.EqualTo(cell));
        folder.Write("base.safetensors", "two");
        Assert.That(Current(), Is.Not.EqualTo(cell));
        cell.Write(folder.File("cell.json"));
        Assert.That(Cell.Read(folder.File("cell.json")), Is.EqualTo(cell));
        File.Delete(file);
        Assert.That(new CellCheck(s_settings.Images).Error(Current()), Does.Contain("which does not exist"));
        Assert.That(Cell.Of(s_settings.Recipe, s_settings).Weights, Is.Null);

        Cell Current()
        {
            var settings = s_settings with { Recipe = s_settings.Recipe with { Weights = new(file) } };
            return Cell.Of(settings.Recipe, settings);
        }
    }

    [Test]
    public void Factors_name_a_cell_and_do_not_change_what_it_is()
    {
        var cell = Cell.Of(s_settings.Recipe, s_settings) with { Factors = [("method", "fixed epoch"), ("at", "3")] };
        Assert.That(cell, Is.EqualTo(Cell.Of(s_settings.Recipe, s_settings)));
        Assert.That(cell.Name, Is.EqualTo("fixed epoch, at 3"));
        Assert.That((cell.Factor("at"), cell.Factor("criterion")), Is.EqualTo(("3", "")));
    }

    [Test]
    public void A_cell_is_read_from_its_file()
    {
        using var folder = new TemporaryFolder();
        var dense = s_settings.DenseRun(2, []);
        var cell = s_settings.Cell(2, [], [("pruning.policy", "epoch:3")], (dense, 3));
        cell.Write(folder.File("cell.json"));
        var read = Cell.Read(folder.File("cell.json"));
        Assert.That(read, Is.EqualTo(cell));
        Assert.That(read.Start, Is.EqualTo((dense.Id, 2)));
        Assert.That(read.Options.Pruning.Policy, Is.EqualTo(PruningPolicy.AtEpoch(3)));
        Assert.That(() => Cell.Read(folder.Write("other.json", "{}")), Throws.TypeOf<CellFailedException>());
    }

    [Test]
    public void Dense_runs_keep_the_checkpoints_that_others_start_from()
    {
        Assert.That(s_settings.DenseRun(1, []).Checkpoints(new CellFolder("a/b")).Keep, Is.EqualTo(s_settings.Epochs));
        var pruned = s_settings.Cell(1, [], [("pruning.policy", "epoch:3")], (s_settings.DenseRun(1, []), 3));
        var checkpoints = pruned.Checkpoints(new CellFolder("cells/b"));
        Assert.That(checkpoints.Keep, Is.EqualTo(2));
        Assert.That(
            checkpoints.StartFrom, Does.Contain(Path.Combine("cells", pruned.Start!.Value.Cell, "checkpoints")));
    }

    [Test]
    public void Trained_epochs_leave_out_those_that_are_taken_over()
    {
        var dense = s_settings.DenseRun(1, []);
        Assert.That(dense.TrainedEpochs, Is.EqualTo(8));
        Assert.That(s_settings.Cell(1, [], [("pruning.policy", "epoch:5")], (dense, 5)).TrainedEpochs, Is.EqualTo(4));
        var after =
            s_settings.Cell(1, [], [("pruning.policy", "after"), ("pruning.retraining.epochs", "3")], (dense, 8));
        Assert.That(after.TrainedEpochs, Is.EqualTo(4));
    }
}
