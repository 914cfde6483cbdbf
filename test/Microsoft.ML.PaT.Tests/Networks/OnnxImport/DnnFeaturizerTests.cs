using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>On the file of the package Microsoft.ML.DnnImageFeaturizer.ResNet18.</summary>
public class DnnFeaturizerTests
{
    private static readonly string s_folder = Path.Combine(
        typeof(DnnFeaturizerTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "NuGetPackageRoot").Value!,
        "microsoft.ml.dnnimagefeaturizer.resnet18", "0.23.1", "tools");

    private static readonly double[] s_mean = [0.48295, 0.45452, 0.40417];

    [Test]
    public void Features_are_those_of_ONNX_Runtime()
    {
        var network = Networks.PretrainedResNet18(s_folder);
        Assert.That(network.StandardInput, Is.EqualTo(new ImageShape(3, 224, 224)));
        using var imported = OnnxImporter.Import(network.WeightsPath!);
        Assert.That(imported.Normalization!.Mean, Is.EqualTo(s_mean).Within(1e-7));
        Assert.That(imported.Normalization.StandardDeviation, Is.All.EqualTo(1 / 255f));
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        // Red, green and blue, 0 to 255.
        var pixels = torch.randint(0, 256, [1, 3, 224, 224], generator: generator).to(torch.float32);
        var mean = torch.tensor(s_mean.Select(m => (float)(255 * m)).ToArray()).view(1, 3, 1, 1);

        using var trained = new TrainableNetwork(imported.Definition, imported.Weights, torch.CPU);
        torch.Tensor? features = null;
        trained.Module.eval();
        using (torch.no_grad())
        {
            trained.Module.Observed((pixels - mean).alias(), (layer, output) =>
            {
                if (layer == imported.Definition.Layers[^2].Name) features = output.clone().flatten();
            });
        }
        using var session = new InferenceSession(network.WeightsPath);
        var reversed = (pixels - mean).flip(1).contiguous().data<float>().ToArray();
        using var results = session.Run(
            [NamedOnnxValue.CreateFromTensor("Input247", new DenseTensor<float>(reversed, [1, 3, 224, 224]))]);
        var expected = results[0].AsEnumerable<float>().ToArray();
        Assert.That(expected.Max(), Is.GreaterThan(1));
        Assert.That(features!.data<float>().ToArray(), Is.EqualTo(expected).Within(1e-5 * expected.Max()));
    }

    [Test]
    public void Images_of_other_sizes_and_other_classes_fit()
    {
        var network = Networks.PretrainedResNet18(s_folder);
        using var classifier = ImageClassifier.Create(network, classes: ["a", "b"], input: new(3, 64, 96));
        var scores = new float[2];
        classifier.Score(new byte[3 * 64 * 96], scores);
        Assert.That(scores.Sum(), Is.EqualTo(1).Within(1e-5));
        Assert.That(classifier.Normalization.Mean, Is.EqualTo(s_mean).Within(1e-7));
    }

    [Test]
    public void Without_the_package_the_message_says_what_to_reference() => Assert.That(
        () => Networks.PretrainedResNet18(Path.GetTempPath()),
        Throws.TypeOf<InvalidFileException>().With.Message.Contains("Microsoft.ML.DnnImageFeaturizer.ResNet18"));
}
