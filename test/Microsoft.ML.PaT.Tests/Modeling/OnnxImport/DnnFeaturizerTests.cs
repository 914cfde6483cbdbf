using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;
using static TorchSharp.torch.ScalarType;

namespace Microsoft.ML.PaT.Tests;

/// <summary>On the file of the package Microsoft.ML.DnnImageFeaturizer.ResNet18.</summary>
public class DnnFeaturizerTests
{
    /// <summary>Of features in single precision, relative to the largest.</summary>
    private const double Rounding = 1e-6;

    private static readonly string s_folder = Path.Combine(
        typeof(DnnFeaturizerTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "NuGetPackageRoot").Value!,
        "microsoft.ml.dnnimagefeaturizer.resnet18", "0.23.1", "tools");

    /// <summary>Red, green and blue, 0 to 1: the mean over the pixels of the package's mean image.</summary>
    private static double[] Mean()
    {
        var file = Path.Combine(s_folder, "DnnImageModels", "ResNetPrepOnnx", "ResNetPreprocess.onnx");
        using var scope = torch.NewDisposeScope();
        var image = OnnxModel.Load(file).Constants["MeanImage"].ToTensor();
        var blueGreenRed = image.to(Float64).mean([0, 2, 3]);
        return [.. blueGreenRed.data<double>().Reverse().Select(m => m / 255)];
    }

    [Test]
    public void The_normalization_is_that_of_the_package()
    {
        using var imported = OnnxImporter.Import(Networks.PretrainedResNet18(s_folder).WeightsPath!);
        Assert.That(imported.Normalization!.Mean, Is.EqualTo(Mean()).Within(1e-7));
        Assert.That(imported.Normalization.StandardDeviation, Is.All.EqualTo(1 / 255f));
    }

    /// <summary>
    /// Both compute in single precision and add in different orders: they differ by what rounding takes each of them
    /// from the features in double precision.
    /// </summary>
    [Test]
    public void Features_are_those_of_ONNX_Runtime_up_to_rounding()
    {
        var network = Networks.PretrainedResNet18(s_folder);
        Assert.That(network.StandardInput, Is.EqualTo(new ImageShape(3, 224, 224)));
        using var imported = OnnxImporter.Import(network.WeightsPath!);
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        using var generator = new torch.Generator(1);
        // Red, green and blue, 0 to 255, minus the mean.
        var pixels = torch.randint(0, 256, [1, 3, 224, 224], generator: generator).to(Float32);
        var mean = torch.tensor(Mean().Select(m => (float)(255 * m)).ToArray()).view(1, 3, 1, 1);
        var image = (pixels - mean).alias();

        var exact = Features(imported, image, Float64);
        var ours = Features(imported, image, Float32);
        using var session = new InferenceSession(network.WeightsPath);
        using var results = session.Run(
        [
            NamedOnnxValue.CreateFromTensor(
                "Input247",
                new DenseTensor<float>(image.flip(1).contiguous().data<float>().ToArray(), [1, 3, 224, 224])),
        ]);
        var theirs = results[0].AsEnumerable<float>().Select(x => (double)x).ToArray();

        var largest = exact.Max();
        Assert.That(largest, Is.GreaterThan(1));
        var (ourError, theirError) = (Difference(ours, exact) / largest, Difference(theirs, exact) / largest);
        TestContext.Out.WriteLine($"{ourError:0.0e0}, {theirError:0.0e0}, {Difference(ours, theirs) / largest:0.0e0}");
        Assert.That(ourError, Is.LessThan(Rounding));
        Assert.That(theirError, Is.LessThan(Rounding));
        Assert.That(Difference(ours, theirs) / largest, Is.LessThan(2 * Rounding));

        static double Difference(double[] one, double[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max();
    }

    /// <summary>Its momentum of 0.012 would leave the statistics behind in a fine-tuning of a hundred steps.</summary>
    [Test]
    public void A_run_from_the_weights_has_norms_that_adapt()
    {
        var recipe = new TrainingRecipe { Network = Networks.PretrainedResNet18(s_folder) };
        var input = new ImageShape(3, 64, 64);
        Assert.That(Momenta(recipe.Network.Build(input, 2)), Has.All.LessThan(0.02));
        Assert.That(Momenta(recipe.NetworkFor(input, 2)), Is.Not.Empty.And.All.EqualTo(0.1));
        var random = new TrainingRecipe { Network = Networks.ByName("mobilenet_v3_small") };
        Assert.That(Momenta(random.NetworkFor(input, 2)), Has.All.EqualTo(0.01));

        static IEnumerable<double> Momenta(NetworkDefinition network) =>
            network.Layers.OfType<BatchNormLayer>().Select(n => n.Momentum);
    }

    [Test]
    public void Images_of_other_sizes_and_other_classes_fit()
    {
        var network = Networks.PretrainedResNet18(s_folder);
        using var classifier = ImageClassifier.Create(network, classes: ["a", "b"], input: new(3, 64, 96));
        var scores = new float[2];
        classifier.Score(new byte[3 * 64 * 96], scores);
        Assert.That(scores.Sum(), Is.EqualTo(1).Within(1e-5));
        Assert.That(classifier.Normalization.Mean, Is.EqualTo(Mean()).Within(1e-7));
    }

    private static double[] Features(ImportedNetwork imported, torch.Tensor image, torch.ScalarType type)
    {
        using var module = new NetworkModule(
            imported.Definition, imported.Weights.ToDictionary(w => w.Key, w => w.Value.to(type, copy: true)));
        module.eval();
        double[]? features = null;
        module.Observed(image.to(type), (layer, output) =>
        {
            if (layer == imported.Definition.Layers[^2].Name)
                features = [.. output.to(Float64).contiguous().data<double>()];
        });
        return features!;
    }

    [Test]
    public void Without_the_package_the_message_says_what_to_reference() => Assert.That(
        () => Networks.PretrainedResNet18(Path.GetTempPath()),
        Throws.TypeOf<InvalidFileException>().With.Message.Contains("Microsoft.ML.DnnImageFeaturizer.ResNet18"));
}
