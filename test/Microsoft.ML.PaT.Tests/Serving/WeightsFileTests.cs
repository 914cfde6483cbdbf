using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Serving;
using TorchSharp;
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
        var (tensors, normalization) = Read(new(Save(classifier)), classifier.Network);
        Assert.That(normalization, Is.Null, "a safetensors file does not say what its images were normalized with");
        foreach (var (name, expected) in classifier.Weights) TensorAssert.Close(tensors[name], expected, 0);
        Free(tensors);
    }

    [Test]
    public void An_archive_gives_its_weights_and_its_normalization()
    {
        using var classifier = TinyClassifiers.Create();
        var path = Path.Combine(_folder, "model.pat");
        using (var file = File.Create(path)) ModelArchive.Save(file, classifier, TinyClassifiers.Report());
        var (tensors, normalization) = Read(new(path), classifier.Network);
        Assert.That(normalization!.Mean, Is.EqualTo(TinyClassifiers.Normalization.Mean));
        TensorAssert.Close(tensors["conv1.weight"], classifier.Weights["conv1.weight"], 0);
        Free(tensors);
    }

    [Test]
    public void Half_and_double_precision_become_single_and_what_PyTorch_counts_beside_norms_is_ignored()
    {
        using var classifier = TinyClassifiers.Create();
        using var scope = NewDisposeScope();
        var stored = classifier.Weights.ToDictionary(
            w => w.Key, w => w.Value.to(w.Key.StartsWith("bn1", StringComparison.Ordinal) ? float64 : float16));
        stored["bn1.num_batches_tracked"] = tensor(17L);
        var (tensors, _) = Read(new(Write(stored)), classifier.Network);
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
        var (tensors, _) = Read(file, other);
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

    [Test]
    public void A_file_that_is_neither_is_refused()
    {
        var path = Path.Combine(_folder, "weights");
        File.WriteAllText(path, "no weights in here at all");
        Assert.That(() => Read(new(path), TinyNetworks.ResNet8()), Throws.TypeOf<InvalidFileException>());
        File.WriteAllBytes(path, [1, 2]);
        Assert.That(() => Read(new(path), TinyNetworks.ResNet8()), Throws.TypeOf<InvalidFileException>());
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
        Assert.That(() => Read(new(path), TinyNetworks.ResNet8(classes: 7)), Throws.TypeOf<InvalidFileException>());
        Assert.That(Tensor.TotalCount, Is.EqualTo(live));
    }

    private string Save(ImageClassifier classifier)
    {
        var path = Path.Combine(_folder, "weights.safetensors");
        classifier.SaveWeights(path);
        return path;
    }

    private string Write(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(_folder, "changed.safetensors");
        using var file = File.Create(path);
        Safetensors.Write(file, tensors);
        return path;
    }

    private static (Dictionary<string, Tensor> Tensors, Normalization? Normalization) Read(
        WeightsFile file, NetworkDefinition network)
    {
        using var generator = new Generator(1);
        return file.Read(network, generator);
    }

    private static void Free(Dictionary<string, Tensor> tensors)
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }
}
