using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Errors;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class LibtorchErrorTests
{
    private static readonly NetworkArchitecture s_failing = new("failing", new(3, 8, 8), (input, classes) => new(
        "failing",
        input,
        [
            new FailingLayer("fails", [NetworkDefinition.InputName]),
            new GlobalAveragePoolLayer("pool", ["fails"]),
            new LinearLayer("fc", ["pool"], 3, classes),
        ]));

    [Test]
    public void A_message_of_libtorch_ends_with_its_first_line()
    {
        var e = Assert.Throws<ExternalException>(() => Fail())!;
        Assert.That(e.Message, Does.Contain("frame #0"), "what TorchSharp throws");
        var cut = LibtorchError.Of("Scoring", e);
        Assert.That(cut.Message, Does.StartWith("Scoring failed in libtorch: ").And.Contain("must match"));
        Assert.That(IsCut(cut), cut.Message);
        Assert.That(cut.InnerException, Is.SameAs(e));
    }

    [Test]
    public void Exceptions_of_others_keep_their_messages()
    {
        var e = new SocketException(1, "first\nsecond");
        Assert.That(LibtorchError.IsFromLibtorch(e), Is.False);
        Assert.That(LibtorchError.Reason(e), Is.EqualTo(e.Message));
    }

    [Test]
    public void Scoring_fails_with_a_named_error_of_one_line()
    {
        using var weights = torch.NewDisposeScope();
        Dictionary<string, torch.Tensor> tensors =
            new() { ["fc.weight"] = torch.zeros(3, 3), ["fc.bias"] = torch.zeros(3) };
        using var classifier = new ImageClassifier(s_failing.Build(new(3, 8, 8), 3), tensors,
            TinyClassifiers.Normalization, ["a", "b", "c"]);
        Assert.That(
            () => classifier.Score(TinyClassifiers.Images(2), new float[6]),
            Throws.TypeOf<DeviceUnavailableException>()
                .With.Message.Contains("Scoring 2 images")
                .And.Matches<Exception>(IsCut));
    }

    [Test]
    public void Training_fails_with_a_named_error_of_one_line() =>
        Assert.That(
            () => new TinyRun(TinyRun.Options, _ => Fail()),
            Throws.TypeOf<DeviceUnavailableException>()
                .With.Message.Contains("Training resnet8")
                .And.Matches<Exception>(IsCut));

    private static bool IsCut(Exception? e) =>
        e is not null && !e.Message.Contains('\n') && !e.Message.Contains("frame #", StringComparison.Ordinal)
            && !e.Message.Contains("Exception raised from", StringComparison.Ordinal);

    private static torch.Tensor Fail()
    {
        using var scope = torch.NewDisposeScope();
        return torch.zeros(2, 3).add(torch.zeros(3, 2));
    }

    /// <summary>A layer whose forward pass fails in libtorch.</summary>
    private sealed record FailingLayer(string Name, IReadOnlyList<string> Inputs) : Layer(Name, Inputs)
    {
        internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs) => inputs[0];

        internal override void Flow(ChannelGraph flow) => flow.Pass(flow.Input(0));

        internal override torch.Tensor Forward(LayerContext context) => Fail();

        internal override OnnxValue Export(OnnxLayer layer) => layer.Node("Relu", [layer.Input]);
    }
}
