namespace Microsoft.ML.PaT.Tests.Hosts;

/// <summary>A path that is given where another kind of file is meant.</summary>
public sealed class WrongFileTests
{
    private static readonly Dictionary<string, Action<string>> s_readers = new()
    {
        ["archive"] = path => ImageClassifier.Load(path).Dispose(),
        ["image"] = path =>
        {
            using var classifier = TinyClassifiers.Create();
            classifier.Predict(path);
        },
        ["weights"] = path => ImageClassifier.Create(Networks.ByName("resnet8"), new(path)).Dispose(),
        ["onnx"] = path => NetworkArchitecture.FromOnnx(path).Build(new(3, 8, 8), 2),
        ["recipe"] = path => TrainingRecipe.Read(path),
        ["report"] = path => RunReport.ReadJson(path),
        ["network"] = path => NetworkDefinition.Load(path),
        ["plan"] = path => PruningPlan.Load(path),
        ["widths"] = path => PruningPlan.LoadWidths(path),
    };

    private static readonly Dictionary<string, byte[]> s_contents = new()
    {
        ["empty"] = [],
        ["zeros"] = new byte[5000],
        ["text"] = "Not found: cät.jpg"u8.ToArray(),
        ["page"] = "<!DOCTYPE html><html>404</html>"u8.ToArray(),
        ["pointer"] = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"u8.ToArray(),
        ["zip"] = [.. "PK\u0003\u0004"u8, .. new byte[60]],
        ["tiff"] = [.. "II*\0"u8, .. new byte[60]],
        ["avif"] = [0, 0, 0, 28, .. "ftypavif"u8, .. new byte[60]],
        ["pickle"] = [0x80, 2, 0x8A, 10, .. new byte[60]],
    };

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    private static IEnumerable<string> Kinds => s_readers.Keys;

    // Weights of the wrong kind: WeightsFileTests.
    private static IEnumerable<string> Others => Kinds.Where(k => k != "weights");

    private static IEnumerable<string> Contents => s_contents.Keys;

    [Test]
    public void A_folder_is_named([ValueSource(nameof(Kinds))] string kind) =>
        Assert.That(
            () => s_readers[kind](_folder.Name),
            Throws.InstanceOf<PaTException>().With.Message.Contains(_folder.Name).And.Message.Contains("is a folder"));

    [Test]
    public void Other_content_is_refused_with_the_path(
        [ValueSource(nameof(Others))] string kind, [ValueSource(nameof(Contents))] string content)
    {
        var file = Path.Combine(_folder.Name, content);
        File.WriteAllBytes(file, s_contents[content]);
        Assert.That(() => s_readers[kind](file), Throws.InstanceOf<PaTException>().With.Message.Contains(file));
    }

    [TestCase("empty", "no bytes")]
    [TestCase("zeros", "zero bytes")]
    [TestCase("text", "it is text")]
    [TestCase("page", "HTML page")]
    [TestCase("pointer", "Git LFS pointer")]
    [TestCase("tiff", "TIFF")]
    [TestCase("avif", "AVIF")]
    [TestCase("pickle", "pickle of Python")]
    public void The_message_says_what_the_file_is(string content, string what)
    {
        var file = Path.Combine(_folder.Name, content);
        File.WriteAllBytes(file, s_contents[content]);
        foreach (var kind in new[] { "archive", "image", "onnx" })
        {
            Assert.That(
                () => s_readers[kind](file), Throws.InstanceOf<PaTException>().With.Message.Contains(what), kind);
        }
    }

    [Test]
    public void A_file_in_place_of_a_folder_for_checkpoints_is_named()
    {
        var file = Path.Combine(_folder.Name, "file");
        File.WriteAllText(file, "");
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(TinyRows.Encoded(24));
        var options = TinyRows.Options with { Checkpoints = new() { Folder = Path.Combine(file, "below") } };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.PaT().ImageClassification(options));
        Assert.That(
            () => pipeline.Fit(rows),
            Throws.InstanceOf<IOException>().With.Message.EqualTo($"{file} is a file, and a folder is needed there"));
    }
}
