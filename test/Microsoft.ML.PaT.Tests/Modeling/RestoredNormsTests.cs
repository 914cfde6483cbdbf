using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Batch-norms that an export folded into convolutions are put back for fine-tuning.</summary>
public class RestoredNormsTests
{
    [Test]
    public void Each_convolution_that_had_a_norm_gets_one_again()
    {
        var network = TinyNetworks.ResNet8();
        var folded = Folded(network);
        var restored = RestoredNorms.AddTo(folded);
        Assert.That(folded.Layers, Has.None.InstanceOf<BatchNormLayer>());
        Assert.That(
            restored.Layers.OfType<BatchNormLayer>().Select(n => n.Inputs[0]),
            Is.EqualTo(network.Layers.OfType<BatchNormLayer>().Select(n => n.Inputs[0])));
        Assert.That(RestoredNorms.AddTo(restored).ToJson(), Is.EqualTo(restored.ToJson()));
        Assert.That(RestoredNorms.RemoveFrom(restored).ToJson(), Is.EqualTo(folded.ToJson()));
    }

    [TestCase("squeezenet1_1", "classifier.1")]
    [TestCase("efficientnet_b0", "features.1.0.block.1.fc1")]
    [TestCase("convnext_tiny", "features.0.0")]
    public void Classifiers_gates_and_normalized_convolutions_get_none(string name, string convolution)
    {
        var folded = Folded(Networks.ByName(name).Build(new(3, 64, 64), 10));
        Assert.That(folded.Layers.OfType<ConvolutionLayer>().Select(l => l.Name), Does.Contain(convolution));
        Assert.That(RestoredNorms.Of(RestoredNorms.AddTo(folded)).Select(n => n.Inputs[0]),
            Has.None.EqualTo(convolution));
    }

    [TestCase("resnet8")]
    [TestCase("mobilenet_v2")]
    public void The_network_computes_the_same_before_the_first_step(string name)
    {
        using var file = new FoldedFile(name);
        using var images = TinyImages.Store(64, size: file.Side);
        var options = Options(file.Path);
        var definition = options.NetworkFor(images.Shape, 3);
        using var generator = new Generator(1);
        var (network, _, _) = InitialNetwork.Of(options, definition, images, generator, CPU);
        using var owned = network;
        using var plain = ImageClassifier.Create(NetworkArchitecture.FromOnnx(file.Path));
        var expected = ExportedNetworks.Logits(plain.Network, plain.Weights);
        var actual = ExportedNetworks.Logits(definition, network.Tensors);
        Assert.That(actual, Is.EqualTo(expected).Within(1e-4 * Math.Max(1, expected.Max(Math.Abs))));

        // In training mode a batch like those measured gives nearly the same.
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var norm = RestoredNorms.Of(definition).First();
        Assert.That(network.Tensors[norm.Variance].min().item<float>(), Is.GreaterThanOrEqualTo(0));
        Assert.That(network.Tensors[norm.Scale].square().sub(network.Tensors[norm.Variance]).abs().max().item<float>(),
            Is.LessThan(1e-4));
    }

    [Test]
    public void A_run_trains_prunes_and_describes_them()
    {
        using var file = new FoldedFile("resnet8");
        var options = Options(file.Path) with
        {
            Pruning = new() { Criterion = Importance.BatchNormScale, Policy = PruningPolicy.AtEpoch(1), RoundTo = 1 },
        };
        using var run = new TinyRun(options);
        Assert.That(run.Plan, Is.Not.Null);
        Assert.That(RestoredNorms.Of(run.Classifier.Network), Is.Not.Empty);
        var again = TrainingRecipe.FromJson(run.Report.Recipe);
        Assert.That(again.NetworkFor(new(3, 8, 8), 3).ToJson(),
            Is.EqualTo(options.NetworkFor(new(3, 8, 8), 3).ToJson()));
    }

    [Test]
    public void Criteria_on_weights_and_gradients_prune_a_network_without_norms(
        [Values("taylor-weights", "taylor", "magnitude")] string criterion)
    {
        using var file = new FoldedFile("resnet8");
        var options = Options(file.Path);
        options = options with
        {
            Training = options.Training with { RestoreBatchNorms = false, LearningRate = 0.01 },
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1), RoundTo = 1 },
        };
        using var run = new TinyRun(
            (PruningAwareTrainingOptions)options.With("pruning.criterion", criterion));
        Assert.That(run.Plan, Is.Not.Null);
        Assert.That(run.Classifier.Network.Layers, Has.None.InstanceOf<BatchNormLayer>());
    }

    [Test]
    public void Random_weights_have_no_norms_to_restore() => Assert.That(
        () => new PruningAwareTrainingOptions { Training = new() { RestoreBatchNorms = true } }.Validate(),
        Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("Training.RestoreBatchNorms"));

    private static PruningAwareTrainingOptions Options(string path) => TinyRun.Options with
    {
        Network = NetworkArchitecture.FromOnnx(path),
        Training = TinyRun.Options.Training with { RestoreBatchNorms = true },
    };

    private static NetworkDefinition Folded(NetworkDefinition network)
    {
        using var scope = NewDisposeScope();
        using var trainable = TinyNetworks.Trainable(network);
        return BatchNormFolding.Fold(network, trainable.Tensors).Definition;
    }

    /// <summary>An ONNX file without batch-norms.</summary>
    private sealed class FoldedFile : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public FoldedFile(string name)
        {
            Side = name == "resnet8" ? 8 : 32;
            var definition = Networks.ByName(name).Build(new(3, Side, Side), 3);
            Path = System.IO.Path.Combine(_folder.Name, name + ".onnx");
            File.WriteAllBytes(Path, ExportedNetworks.Of(definition).Model);
        }

        public string Path { get; }

        /// <summary>Height and width of the images.</summary>
        public int Side { get; }

        public void Dispose() => _folder.Dispose();
    }
}
