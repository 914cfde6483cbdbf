using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Zoo;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Networks with the same weights compute torchvision's outputs, which <c>torchvision_values.py</c> prints.
/// </summary>
public class TorchvisionValuesTests
{
    [Test]
    public void ConvNeXt_computes_what_torchvisions_does() =>
        Check(
            ConvNeXt.Build("convnext", new(3, 24, 16), 3, widths: [8, 12], depths: [2, 1]),
            [-0.156580057933, 0.0733832421341, -1.35678738314, -0.178037706512, 0.112824469399, -1.28261613622],
            gradient: 3.2994084163);

    [Test]
    public void A_vision_transformer_computes_what_torchvisions_does() =>
        Check(
            VisionTransformer.Build("vit", new(3, 12, 12), 3, patch: 4, width: 8, depth: 2, heads: 2),
            [-1.46276571545, -0.751281780727, 0.953089382154, -1.4625465443, -0.766596640873, 0.960413740532],
            gradient: 2.61687302312);

    private static void Check(NetworkDefinition definition, double[] logits, double gradient)
    {
        using var scope = torch.NewDisposeScope();
        var names = definition.Parameters.Select(p => p.Name).Order(StringComparer.Ordinal).ToList();
        var tensors = definition.Parameters.ToDictionary(
            p => p.Name, p => Sines(p.Shape, 0.7, names.IndexOf(p.Name)).mul(0.5).requires_grad_());
        using var module = new NetworkModule(definition, tensors);
        module.eval();
        var output =
            module.call(Sines([2, definition.Input.Channels, definition.Input.Height, definition.Input.Width], 0.3, 0));
        Assert.That(output.detach().view(-1).data<double>().ToArray(), Is.EqualTo(logits).Within(1e-9));

        output.mul(Sines(output.shape, 1, 0)).sum().backward();
        var squares = module.Trained.Sum(p => p.Value.grad!.square().sum().item<double>());
        Assert.That(Math.Sqrt(squares), Is.EqualTo(gradient).Within(1e-9));
    }

    private static torch.Tensor Sines(long[] shape, double step, double start) =>
        torch.arange(shape.Aggregate(1L, (a, b) => a * b))
            .to(torch.float64)
            .square()
            .mul(step)
            .add(start)
            .sin()
            .view(shape);
}
