using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Small files that hold the patterns of timm and Keras (patterns.py makes them): the network computes what ONNX
/// Runtime computes from the file, to 1e-4 of the largest value, and so does the file that is exported from it.
/// </summary>
public class PatternTests
{
    private const int Images = 2;

    /// <summary>
    /// File, shape of its images, whether its input is [N,H,W,C], the largest value of a pixel, layers that it must
    /// have become.
    /// </summary>
    private static readonly TestCaseData[] s_files =
    [
        new(
            "keras",
            new ImageShape(3, 14, 18),
            true,
            255f,
            new[] { typeof(PixelPadLayer), typeof(AveragePoolLayer), typeof(MultiplyLayer), typeof(FlattenLayer) }),
        new(
            "timm",
            new ImageShape(3, 16, 24),
            false,
            1f,
            new[] { typeof(LayerNormLayer), typeof(ScaleLayer), typeof(AddLayer) }),
        new(
            "windows",
            new ImageShape(3, 16, 16),
            false,
            1f,
            new[] { typeof(WindowAttentionLayer), typeof(PixelSliceLayer), typeof(ConcatenateLayer) }),
        new(
            "old",
            new ImageShape(3, 12, 8),
            false,
            255f,
            new[] { typeof(SelectChannelsLayer), typeof(PixelPadLayer), typeof(DropoutLayer) }),
        new(
            "modern",
            new ImageShape(3, 10, 14),
            false,
            1f,
            new[] { typeof(SelectChannelsLayer), typeof(PixelPadLayer), typeof(ScaleLayer), typeof(LayerNormLayer) }),
    ];

    [TestCaseSource(nameof(s_files))]
    public void The_network_computes_what_the_file_computes(
        string name, ImageShape shape, bool channelsLast, float range, Type[] layers)
    {
        using var imported = OnnxImporter.Import(File(name));
        Assert.That(imported.Definition.Input, Is.EqualTo(shape));
        Assert.That(imported.PixelRange, Is.EqualTo(range));
        Assert.That(layers, Is.SubsetOf(imported.Definition.Layers.Select(l => l.GetType())));

        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var random = new Random(5);
        // A file for one image is run twice.
        var expected = new List<float>();
        var actual = new List<float>();
        var again = new List<float>();
        var model = Export(imported);
        for (var image = 0; image < Images; image++)
        {
            var pixels = Enumerable.Range(0, shape.Size)
                .Select(_ => random.Next((int)range + 1) * (range == 1 ? 0.7f : 1))
                .ToArray();
            var normalized = Normalized(pixels, shape, imported);
            expected.AddRange(
                Run(System.IO.File.ReadAllBytes(File(name)), pixels, shape, channelsLast, isBytes: name == "old"));
            actual.AddRange(Scores(imported.Definition, imported.Weights, normalized, imported.EndsWithSoftmax));
            again.AddRange(
                Softmaxed(
                    Run(model, normalized.contiguous().data<float>().ToArray(), shape, false, false),
                    imported.EndsWithSoftmax));
        }
        Assert.That(actual, Is.EqualTo(expected).Within(1e-4 * Math.Max(1, expected.Max(Math.Abs))));
        Assert.That(again, Is.EqualTo(expected).Within(1e-4 * Math.Max(1, expected.Max(Math.Abs))));
    }

    [TestCaseSource(nameof(s_files))]
    public void An_exported_network_keeps_the_inputs_and_outputs_of_its_file(
        string name, ImageShape shape, bool channelsLast, float range, Type[] layers)
    {
        var random = new Random(5);
        var pixels = Enumerable.Range(0, shape.Size)
            .Select(_ => random.Next((int)range + 1) * (range == 1 ? 0.7f : 1))
            .ToArray();
        var expected =
            Run(System.IO.File.ReadAllBytes(File(name)), pixels, shape, channelsLast, isBytes: name == "old");
        using var classifier = ImageClassifier.Create(NetworkArchitecture.FromOnnx(File(name)));
        using var pruned = classifier.Prune(
            new() { Criterion = Importance.Magnitude, Target = PruningTarget.Channels(0.3), RoundTo = 1 });
        Assert.That(
            pruned.Network.Parameters.Sum(p => p.Count), Is.LessThan(classifier.Network.Parameters.Sum(p => p.Count)));
        Assert.That(
            Run(Like(classifier), pixels, shape, channelsLast, isBytes: name == "old"),
            Is.EqualTo(expected).Within(1e-4 * Math.Max(1, expected.Max(Math.Abs))));
        Assert.That(
            Run(Like(pruned), pixels, shape, channelsLast, isBytes: name == "old"),
            Has.Length.EqualTo(expected.Length));
        Assert.That(Names(Like(pruned)), Is.EqualTo(Names(System.IO.File.ReadAllBytes(File(name)))));
        Assert.That(layers, Is.Not.Empty);

        byte[] Like(ImageClassifier network)
        {
            using var stream = new MemoryStream();
            network.SaveOnnx(stream, OnnxExportOptions.LikeFile(File(name)));
            return stream.ToArray();
        }

        static (string, string) Names(byte[] model)
        {
            using var session = Session(model);
            return (string.Join(", ", session.InputNames), string.Join(", ", session.OutputNames));
        }
    }

    [Test]
    public void The_network_can_be_cut([Values("keras", "timm", "windows", "old", "modern")] string name)
    {
        using var imported = OnnxImporter.Import(File(name));
        for (var seed = 0; seed < 5; seed++)
            SurgeryAssert.Equal(imported.Definition, groups => TinyNetworks.RandomPlan(groups, seed), float64, seed);
    }

    [Test]
    public void An_architecture_carries_the_weights_and_takes_other_classes()
    {
        var architecture = NetworkArchitecture.FromOnnx(File("timm"));
        Assert.That(
            (architecture.Name, architecture.StandardInput, architecture.StandardClasses),
            Is.EqualTo(("timm", new ImageShape(3, 16, 24), 5)));
        Assert.That(architecture.WeightsPath, Is.EqualTo(File("timm")));
        var other = architecture.Build(architecture.StandardInput, 7);
        Assert.That(other.Classes, Is.EqualTo(7));

        using var generator = new Generator(1);
        using var scope = NewDisposeScope();
        var (tensors, normalization, _) =
            new WeightsFile(architecture.WeightsPath!) { ResetClassifier = true }.Read(other, generator);
        using var imported = OnnxImporter.Import(File("timm"));
        Assert.That(tensors["head.fc.weight"].shape, Is.EqualTo(new long[] { 7, 8 }));
        Assert.That(tensors["stem.0.weight"].Equals(imported.Weights["stem.0.weight"]));
        Assert.That(normalization!.Mean, Is.EqualTo(new[] { 0.485f, 0.456f, 0.406f }).Within(1e-5));
    }

    [Test]
    public void A_file_whose_size_is_not_fixed_is_built_for_other_images()
    {
        var network = NetworkArchitecture.FromOnnx(File("timm")).Build(new(3, 32, 32), 5);
        Assert.That(network.Input, Is.EqualTo(new ImageShape(3, 32, 32)));
        var fixedSize = NetworkArchitecture.FromOnnx(File("windows"));
        Assert.That(() => fixedSize.Build(new(3, 32, 32), 5), Throws.TypeOf<InvalidFileException>());
    }

    private static string File(string name) =>
        Repository.File("test", "Microsoft.ML.PaT.Tests", "Modeling", "OnnxImport", "files", name + ".onnx");

    private static Tensor Normalized(float[] pixels, ImageShape shape, ImportedNetwork network)
    {
        var image = tensor(pixels).reshape(1, shape.Channels, shape.Height, shape.Width);
        if (network.Normalization is not { } normalization) return image;
        var (scale, shift) = normalization.ToTensors();
        using var factor = (255.0 / network.PixelRange).ToScalar();
        return image.mul(factor).mul(scale).Plus(shift);
    }

    private static float[] Scores(
        NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> weights, Tensor image, bool softmax)
    {
        using var module = new NetworkModule(definition, weights.ToDictionary(w => w.Key, w => w.Value.alias()));
        module.eval();
        var logits = module.forward(image);
        return (softmax ? logits.softmax(1) : logits).contiguous().data<float>().ToArray();
    }

    private static float[] Softmaxed(float[] logits, bool softmax) =>
        softmax ? tensor(logits).softmax(0).data<float>().ToArray() : logits;

    private static byte[] Export(ImportedNetwork network)
    {
        string[] classes = [.. Enumerable.Range(0, network.Definition.Classes).Select(c => $"{c}")];
        using var classifier =
            new ImageClassifier(network.Definition, network.Weights, TinyClassifiers.Normalization, classes);
        using var stream = new MemoryStream();
        classifier.SaveOnnx(stream, new() { Input = OnnxInput.Normalized, Softmax = false });
        return stream.ToArray();
    }

    private static InferenceSession Session(byte[] model) =>
        OnnxFiles.Session(model, Path.GetDirectoryName(File("modern")));

    private static float[] Run(byte[] model, float[] pixels, ImageShape shape, bool channelsLast, bool isBytes)
    {
        using var session = Session(model);
        using var run = new RunOptions();
        var plane = shape.Height * shape.Width;
        var values = channelsLast
            ?
            [
                .. Enumerable
                    .Range(0, pixels.Length)
                    .Select(i => pixels[i % shape.Channels * plane + i / shape.Channels]),
            ]
            : pixels;
        long[] dimensions = channelsLast
            ? [1, shape.Height, shape.Width, shape.Channels]
            : [1, shape.Channels, shape.Height, shape.Width];
        using var input = isBytes
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (byte)v), dimensions)
            : OrtValue.CreateTensorValueFromMemory(values, dimensions);
        using var outputs = session.Run(run, session.InputNames, [input], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
