using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Zoo;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class PrecisionTests
{
    private static readonly PruningAwareTrainingOptions s_dense =
        TinyRun.Options with { Pruning = new() { Policy = PruningPolicy.Never } };

    [Test]
    public void A_convolution_in_bfloat16_takes_and_gives_float32()
    {
        using var scope = torch.NewDisposeScope();
        var (input, weight) = (
            torch.tensor(new[] { 1.01f }).view(1, 1, 1, 1),
            torch.tensor(new[] { 3f }).view(1, 1, 1, 1).requires_grad_());
        var output = ComputePrecision.Of(Precision.Bfloat16)
            .Compute(input, weight, null, (i, w, b) => torch.nn.functional.conv2d(i, w, b));
        // 1.01 is 1.0078125 in bfloat16, with 8 significant bits; three times that is 3.0234375, halfway, which rounds
        // to even.
        Assert.That((output.dtype, output.item<float>()), Is.EqualTo((torch.float32, 3.03125f)));
        output.backward();
        Assert.That((weight.grad!.dtype, weight.grad!.item<float>()), Is.EqualTo((torch.float32, 1.0078125f)));
    }

    [TestCaseSource(nameof(Networks))]
    public void Gradients_in_bfloat16_are_finite_and_close_to_float32(NetworkDefinition definition)
    {
        using var scope = torch.NewDisposeScope();
        using var network = TinyNetworks.Trainable(definition);
        network.Module.train();
        var input = TinyNetworks.Images(network.Definition, 8);
        var labels = torch.arange(8, dtype: torch.int64).remainder(network.Definition.Classes);
        var (plain, plainGradients) = Backward(Precision.Float32);
        var (narrow, narrowGradients) = Backward(Precision.Bfloat16);
        Assert.That((narrow.dtype, narrowGradients.dtype), Is.EqualTo((torch.float32, torch.float32)));
        Assert.That(narrow.ne(plain).any().item<bool>(), Is.True, "it computes in bfloat16");
        // bfloat16 has 8 bits, so a few layers give an error of some percent.
        TensorAssert.Close(narrow, plain, 0.1);
        Assert.That(narrowGradients.isfinite().all().item<bool>(), Is.True);
        var difference = (narrowGradients - plainGradients).norm().div(plainGradients.norm()).item<float>();
        Assert.That(difference, Is.InRange(1e-5, 0.1));

        (torch.Tensor Logits, torch.Tensor Gradients) Backward(Precision precision)
        {
            network.Decayed.Gradients.zero_();
            network.Undecayed.Gradients.zero_();
            var logits = network.Module.Forward(input, ComputePrecision.Of(precision));
            torch.nn.functional.cross_entropy(logits, labels).backward();
            return (logits.detach(), torch.cat([network.Decayed.Gradients, network.Undecayed.Gradients]));
        }
    }

    private static IEnumerable<TestCaseData> Networks() =>
        [
            new TestCaseData(TinyNetworks.ResNet8()).SetArgDisplayNames("ResNet-8"),
            new TestCaseData(
                VisionTransformer.Build("vit", new(3, 8, 8), 3, patch: 4, width: 32, depth: 2, heads: 4)
            ).SetArgDisplayNames("ViT"),
        ];

    [Test]
    public void Run_in_bfloat16_learns_resumes_bit_for_bit_and_reports_its_precision()
    {
        using var folder = new TemporaryFolder();
        var options =
            TinyRun.Options with { Training = TinyRun.Options.Training with { Precision = Precision.Bfloat16 } };
        using var whole = new TinyRun(options with { Checkpoints = new() { Folder = folder.Name, Keep = 100 } });
        Assert.That(TrainingRecipe.FromJson(whole.Report.Recipe).Training.Precision, Is.EqualTo(Precision.Bfloat16));
        using var wide = new TinyRun(TinyRun.Options);
        Assert.That(whole.Weights, Is.Not.EqualTo(wide.Weights));
        Assert.That(whole.Report.Epochs[0].TrainLoss, Is.EqualTo(wide.Report.Epochs[0].TrainLoss).Within(0.05));
        using var first = folder.With(folder.Checkpoints[0]);
        using var resumed = new TinyRun(options with { Checkpoints = new() { Folder = first.Name, Resume = true } });
        Assert.That(resumed.Weights, Is.EqualTo(whole.Weights));
    }

    [Test]
    public void Float16_on_a_CPU_is_refused_before_anything_is_trained() => Assert.That(
        () => new TinyRun(s_dense with { Training = s_dense.Training with { Precision = Precision.Float16 } }),
        Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("Float16").And.Message.Contains("Bfloat16"));
}
