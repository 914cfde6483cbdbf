using Microsoft.ML.Data;
using Microsoft.ML.PaT.Serving;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class WeightsFileTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pat-weights-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_a_classifier_saves_another_network_starts_from()
    {
        using var classifier = TinyClassifiers.Create();
        var (tensors, normalization, remark) = Read(new(Save(classifier)), classifier.Network);
        Assert.That(normalization!.Mean, Is.EqualTo(TinyClassifiers.Normalization.Mean));
        Assert.That(
            normalization.StandardDeviation, Is.EqualTo(TinyClassifiers.Normalization.StandardDeviation));
        Assert.That(remark, Is.Null);
        foreach (var (name, expected) in classifier.Weights) TensorAssert.Close(tensors[name], expected, 0);
        Free(tensors);
    }

    [Test]
    public void An_archive_gives_its_weights_and_its_normalization()
    {
        using var classifier = TinyClassifiers.Create();
        var path = Archive(classifier);
        var (tensors, normalization, _) = Read(new(path), classifier.Network);
        Assert.That(normalization!.Mean, Is.EqualTo(TinyClassifiers.Normalization.Mean));
        TensorAssert.Close(tensors["conv1.weight"], classifier.Weights["conv1.weight"], 0);
        Free(tensors);
    }

    [Test]
    public void Classes_in_another_order_than_in_the_file_reorder_the_classifier([Values] bool isArchive)
    {
        using var scope = NewDisposeScope();
        using var classifier = TinyClassifiers.Create();
        string[] classes = ["class 2", "class 0", "class 1"];
        var path = isArchive ? Archive(classifier) : Save(classifier);
        var (tensors, _, remark) = Read(new(path), classifier.Network, classes);
        Assert.That(remark, Is.Null);
        var last = classifier.Network.Layers.Last(l => l.Parameters.Any()).Parameters.Select(p => p.Name).ToHashSet();
        var order = tensor(new long[] { 2, 0, 1 });
        foreach (var (name, stored) in classifier.Weights)
            TensorAssert.Close(tensors[name], last.Contains(name) ? stored.index_select(0, order) : stored, 0);
        Assert.That(last, Has.Count.EqualTo(2), "weight and bias");
    }

    [Test]
    public void Classes_of_an_ONNX_model_in_another_order_reorder_the_classifier()
    {
        using var scope = NewDisposeScope();
        using var classifier = TinyClassifiers.Create();
        var path = Path.Combine(_folder, "model.onnx");
        classifier.SaveOnnx(path);
        var network = NetworkArchitecture.FromOnnx(path).Build(classifier.Input, 3);
        var bias = network.Parameters.Last(p => p.Shape is [3]).Name;
        var (same, _, _) = Read(new(path), network, ["class 0", "class 1", "class 2"]);
        var (other, _, _) = Read(new(path), network, ["class 1", "class 2", "class 0"]);
        TensorAssert.Close(other[bias], same[bias].index_select(0, tensor(new long[] { 1, 2, 0 })), 0);
    }

    [Test]
    public void Classes_of_other_names_stay_in_the_order_of_the_file_with_a_remark()
    {
        using var scope = NewDisposeScope();
        using var classifier = TinyClassifiers.Create();
        var path = Archive(classifier);
        var (tensors, _, remark) = Read(new(path), classifier.Network, ["cat", "dog", "owl"]);
        Assert.That(remark, Does.Contain(path).And.Contains("class 0, class 1, class 2").And.Contains("cat, dog, owl"));
        foreach (var (name, stored) in classifier.Weights) TensorAssert.Close(tensors[name], stored, 0);
    }

    [Test]
    public void Half_and_double_precision_become_single_and_what_PyTorch_counts_beside_norms_is_ignored()
    {
        using var classifier = TinyClassifiers.Create();
        using var scope = NewDisposeScope();
        var stored = classifier.Weights.ToDictionary(
            w => w.Key, w => w.Value.to(w.Key.StartsWith("bn1", StringComparison.Ordinal) ? float64 : float16));
        stored["bn1.num_batches_tracked"] = tensor(17L);
        var (tensors, _, _) = Read(new(Write(stored)), classifier.Network);
        Assert.That(tensors.Values.Select(t => t.dtype), Is.All.EqualTo(float32));
        TensorAssert.Close(tensors["conv1.weight"], classifier.Weights["conv1.weight"], 1e-3);
        Free(tensors);
    }

    [Test]
    public void A_fresh_classifier_is_drawn_and_everything_else_comes_from_the_file()
    {
        using var classifier = TinyClassifiers.Create(classes: 3);
        var other = TinyNetworks.ResNet8(classes: 5);
        var file = new WeightsFile(Save(classifier)) { ResetClassifier = true };
        var (tensors, _, _) = Read(file, other);
        Assert.That(tensors["fc.weight"].shape, Is.EqualTo(new long[] { 5, 64 }));
        TensorAssert.Close(tensors["layer3.0.conv2.weight"], classifier.Weights["layer3.0.conv2.weight"], 0);
        Free(tensors);
    }

    [Test]
    public void Other_classes_are_refused_with_the_way_out()
    {
        using var classifier = TinyClassifiers.Create(classes: 3);
        Assert.That(
            () => Read(new(Save(classifier)), TinyNetworks.ResNet8(classes: 5)),
            Throws.TypeOf<InvalidFileException>()
                .With.Message.Contains("'fc.weight' must be [5,64] and is [3,64]")
                .And.Message.Contains("ResetClassifier"));
    }

    [Test]
    public void Missing_unknown_and_misshapen_tensors_are_named_together()
    {
        using var classifier = TinyClassifiers.Create();
        using var scope = NewDisposeScope();
        var stored = classifier.Weights.ToDictionary(w => w.Key, w => w.Value);
        stored.Remove("layer1.0.bn1.bias");
        stored["conv1.weight"] = zeros(16, 3, 5, 5);
        stored["bn1.weight"] = zeros([16], dtype: int32);
        stored["encoder.weight"] = zeros(2);
        Assert.That(() => Read(new(Write(stored)), classifier.Network), Throws.TypeOf<InvalidFileException>()
            .With.Message.Contains("'layer1.0.bn1.bias' [16] is missing")
            .And.Message.Contains("'conv1.weight' must be [16,3,3,3] and is [16,3,5,5]")
            .And.Message.Contains("'bn1.weight' must hold floating-point numbers")
            .And.Message.Contains("'encoder.weight' [2] belongs to no layer"));
    }

    [TestCase("module.", "module.")]
    [TestCase("model.", "model.")]
    [TestCase("module._orig_mod.", "module._orig_mod.")]
    public void Prefixes_of_wrappers_are_removed_and_said(string prefix, string removed)
    {
        using var classifier = TinyClassifiers.Create();
        var stored = classifier.Weights.ToDictionary(w => prefix + w.Key, w => w.Value);
        var (tensors, _, remark) = Read(new(Write(stored)), classifier.Network);
        TensorAssert.Close(tensors["conv1.weight"], classifier.Weights["conv1.weight"], 0);
        Assert.That(remark, Does.Contain($"without '{removed}'"));
        Free(tensors);
    }

    [Test]
    public void A_prefix_that_not_all_names_have_stays()
    {
        using var classifier = TinyClassifiers.Create();
        var stored = classifier.Weights.ToDictionary(
            w => w.Key == "conv1.weight" ? w.Key : "module." + w.Key, w => w.Value);
        Assert.That(() => Read(new(Write(stored)), classifier.Network), Throws.TypeOf<InvalidFileException>()
            .With.Message.Contains("'module.bn1.bias' [16] belongs to no layer")
            .Or.Message.Contains("'bn1.weight' [16] is missing"));
    }

    [Test]
    public void Values_that_are_not_finite_are_named()
    {
        using var classifier = TinyClassifiers.Create();
        using var scope = NewDisposeScope();
        var stored = classifier.Weights.ToDictionary(w => w.Key, w => w.Value.clone());
        stored["conv1.weight"][1, 2, 0, 1] = float.NaN;
        stored["conv1.weight"][3, 2, 0, 1] = float.PositiveInfinity;
        Assert.That(
            () => Read(new(Write(stored)), classifier.Network),
            Throws.TypeOf<InvalidFileException>()
                .With.Message.Contains("'conv1.weight'")
                .And.Message.Contains("2 values that are not finite, the first at [1,2,0,1]"));
    }

    [TestCase("pat.normalization")]
    [TestCase("pat.classes")]
    public void Metadata_that_cannot_be_read_is_named(string key)
    {
        using var classifier = TinyClassifiers.Create();
        var path = Path.Combine(_folder, "odd.safetensors");
        var metadata = new Dictionary<string, string> { [key] = "imagenet" };
        using (var file = File.Create(path)) Safetensors.Write(file, classifier.Weights, metadata);
        Assert.That(
            () => Read(new(path), classifier.Network),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains($"'{key}'"));
    }

    private static IEnumerable<TestCaseData> OtherFiles()
    {
        yield return Kind("empty", "", "is empty");
        yield return Kind("lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n", "git lfs pull");
        yield return Kind("html", "\n<!DOCTYPE html><html>404</html>", "is a web page");
        yield return Kind("text", "no weights in here\nat all", "is a text that begins with \"no weights in here\"");
        yield return Kind("legacy", "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.", "before version 1.6");
        yield return Kind("pickle", "\u0080\u0004\u0095\u0000", "is a pickle");
        yield return Kind("gzip", "\u001f\u008b\u0008", "compressed with gzip");
        yield return Kind("keras", "\u0089HDF\r\n", "HDF5");
        yield return Kind("short", "\u0001\u0002", "ends before its last tensor");

        static TestCaseData Kind(string name, string content, string expected) =>
            new TestCaseData(System.Text.Encoding.Latin1.GetBytes(content), expected).SetName($"Other_files_{name}");
    }

    [TestCaseSource(nameof(OtherFiles))]
    public void Other_files(byte[] content, string expected)
    {
        var path = Path.Combine(_folder, "weights.safetensors");
        File.WriteAllBytes(path, content);
        Assert.That(() => Read(new(path), TinyNetworks.ResNet8()), Throws.TypeOf<InvalidFileException>()
            .With.Message.StartsWith(path).And.Message.Contains(expected));
    }

    [Test]
    public void A_damaged_archive_is_named()
    {
        var path = Path.Combine(_folder, "model.pat");
        File.WriteAllBytes(path, "PK\u0003\u0004 and nothing more"u8.ToArray());
        Assert.That(() => Read(new(path), TinyNetworks.ResNet8()), Throws.TypeOf<InvalidFileException>()
            .With.Message.StartsWith($"{path}: "));
    }

    [Test]
    public void A_file_of_another_kind_is_refused_before_the_images_are_read()
    {
        var path = Path.Combine(_folder, "weights.safetensors");
        File.WriteAllText(path, "no weights in here");
        var ml = new MLContext(1);
        var trainer = ml.PaT().ImageClassification(new PruningAwareTrainingOptions
        {
            Network = Networks.ResNet20, Weights = new(path),
        });
        Assert.That(
            () => trainer.Fit(ml.Data.LoadFromEnumerable(Unread())),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains(path));

        static IEnumerable<KeyedImage> Unread()
        {
            Assert.Fail("the images are read");
            yield break;
        }
    }

    private sealed class KeyedImage
    {
        public byte[] Image { get; set; } = [];

        [KeyType(2)]
        public uint Label { get; set; }
    }

    [Test]
    public void A_zip_of_PyTorch_is_told_from_an_archive()
    {
        var path = Path.Combine(_folder, "model.pth");
        using (var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Create))
            zip.CreateEntry("archive/data.pkl");
        Assert.That(() => Read(new(path), TinyNetworks.ResNet8()), Throws.TypeOf<InvalidFileException>()
            .With.Message.Contains("is a state dict of PyTorch").And.Message.Contains("safetensors.torch.save_file"));
    }

    [Test]
    public void Leaves_no_tensor_behind_whether_it_reads_or_refuses()
    {
        using var classifier = TinyClassifiers.Create();
        var path = Save(classifier);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var live = LiveTensors.Before();
        Free(Read(new(path), classifier.Network).Tensors);
        Free(Read(new(Archive(classifier)), classifier.Network, ["class 1", "class 0", "class 2"]).Tensors);
        Assert.That(() => Read(new(path), TinyNetworks.ResNet8(classes: 7)), Throws.TypeOf<InvalidFileException>());
        Assert.That(Tensor.TotalCount, Is.EqualTo(live));
    }

    private string Save(ImageClassifier classifier)
    {
        var path = Path.Combine(_folder, "weights.safetensors");
        classifier.SaveWeights(path);
        return path;
    }

    private string Archive(ImageClassifier classifier)
    {
        var path = Path.Combine(_folder, "model.pat");
        using var file = File.Create(path);
        ModelArchive.Save(file, classifier, TinyClassifiers.Report());
        return path;
    }

    private string Write(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(_folder, "changed.safetensors");
        using var file = File.Create(path);
        Safetensors.Write(file, tensors);
        return path;
    }

    private static (Dictionary<string, Tensor> Tensors, Normalization? Normalization, string? Remark) Read(
        WeightsFile file, NetworkDefinition network, params string[]? classes)
    {
        using var generator = new Generator(1);
        return file.Read(network, generator, classes is { Length: > 0 } ? classes : null);
    }

    private static void Free(Dictionary<string, Tensor> tensors)
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }
}
