using PaT.Studies;

namespace PaT.Cli.Tests;

public sealed class CellCommandTests
{
    private TemporaryFolder _folder = null!;
    private string _data = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _data = _folder.Write("shapes.tar.gz", Drawings.BinaryArchive(100, 20));
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_cell_is_repeated_with_the_images_of_its_study_and_refuses_others([Values] bool cached)
    {
        var (folder, images) = Write(new());
        var other = _folder.Write("other.tar.gz", Drawings.BinaryArchive(110, 20));
        var (exitCode, _, error) = Pat.Run("study", "cell", folder, "--data", other);
        Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)), "nothing was trained");
        Assert.That(error[0], Does.Contain(other).And.Contains(images.Fingerprint));

        (exitCode, _, error) = Pat.Run("study", "cell", folder, "--data", cached ? images.Path : _data);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(new CellFolder(folder).TryRead(out var result), Is.True);
        Assert.That(result!.TestImages, Is.EqualTo(20));
    }

    [Test]
    public void A_cell_refuses_other_weights_than_those_of_its_study()
    {
        var weights = _folder.File("base.safetensors");
        Save(seed: 1);
        var (folder, images) = Write(new() { Weights = new(weights) });
        Save(seed: 2);
        var (exitCode, _, error) = Pat.Run("study", "cell", folder, "--data", images.Path);
        Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)), "nothing was trained");
        Assert.That(error[0], Does.Contain($"the weights in {weights} are missing or not those of the cell"));

        void Save(int seed)
        {
            using var classifier = ImageClassifier.Create(Networks.ByName("resnet8"), seed: seed);
            classifier.SaveWeights(weights);
        }
    }

    /// <summary>Writes a cell as a study does.</summary>
    private (string Folder, StudyImages Images) Write(TrainingRecipe recipe)
    {
        var set = ImageSources.Open(_data, default);
        var settings = new StudySettings
        {
            Recipe = recipe with
            {
                Network = Networks.ByName("resnet8"), Pruning = new() { Policy = PruningPolicy.Never },
                Training = new() { Epochs = 1, BatchSize = 32 },
            },
            Images = StudyImageCache.Of(set, testImages: null, _folder.File("ws"), _ => { }, default),
            Seeds = 1, Threads = 1, Parallel = 1, Device = "cpu",
        };
        var cell = Cell.Of(settings.Recipe, settings);
        var folder = new CellFolder(_folder.File($"ws/cells/{cell.Id}"));
        Directory.CreateDirectory(folder.Path);
        cell.Write(folder.Description);
        return (folder.Path, settings.Images);
    }
}
