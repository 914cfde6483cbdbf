using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Training.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// A batch-norm with an optional addition and activation on random values: outputs, gradients and running statistics,
/// fused and by libtorch's operators in float64.
/// </summary>
internal sealed record NormCase(
    long[] Shape,
    ActivationFunction? Activation = null,
    bool Residual = false,
    bool Training = true,
    double Mean = 0.5,
    double Deviation = 2,
    int Seed = 1)
{
    public static readonly ActivationFunction?[] Activations =
    [
        null, ActivationFunction.Relu, ActivationFunction.Relu6, ActivationFunction.HardSwish, ActivationFunction.Silu,
    ];

    private int Channels => (int)Shape[1];

    public NormGroup Group => new(
        new BatchNormLayer("norm", ["input"], Channels),
        Residual ? new AddLayer("add", ["norm", "other"]) : null,
        Activation is { } function ? new ActivationLayer("activation", [Residual ? "add" : "norm"], function) : null);

    /// <summary>Random float32 values of all inputs, in the caller's dispose scope.</summary>
    public Dictionary<string, Tensor> Values()
    {
        using var generator = new Generator((ulong)Seed);
        Tensor Random(params long[] shape) => randn(shape, generator: generator);
        var values = new Dictionary<string, Tensor>
        {
            ["input"] = Random(Shape).mul(Deviation).add(Mean),
            ["towards"] = Random(Shape),
            ["norm.weight"] = Random(Channels).mul(0.5).add(1),
            ["norm.bias"] = Random(Channels).mul(0.5),
            ["norm.running_mean"] = Random(Channels).mul(0.1).add(Mean),
            ["norm.running_var"] = Random(Channels).mul(0.1).abs().add(Deviation * Deviation),
        };
        if (Residual) values["other"] = Random(Shape);
        return values;
    }

    /// <summary>Results of a forward and a backward pass by name, in the caller's dispose scope.</summary>
    public Dictionary<string, Tensor> Compute(
        IReadOnlyDictionary<string, Tensor> values, ScalarType type, Func<LayerContext, Tensor> forward)
    {
        var tensors = values.ToDictionary(v => v.Key, v => v.Value.to(type, copy: true).detach());
        string[] leaves = [.. new[] { "input", "norm.weight", "norm.bias", "other" }.Where(tensors.ContainsKey)];
        foreach (var leaf in leaves) tensors[leaf].requires_grad_();
        Tensor[] inputs = Residual ? [tensors["input"].mul(1), tensors["other"].mul(1)] : [tensors["input"].mul(1)];
        var output = forward(new(inputs, tensors, Training, inPlace: false, noise: null));
        FusedNormFunction.BackwardFrom(output.mul(tensors["towards"]).sum());
        var results = leaves.ToDictionary(leaf => "gradient of " + leaf, leaf => tensors[leaf].grad!);
        results["output"] = output.detach();
        results["running mean"] = tensors["norm.running_mean"];
        results["running variance"] = tensors["norm.running_var"];
        return results;
    }

    public Dictionary<string, Tensor> Fused(IReadOnlyDictionary<string, Tensor> values) =>
        Compute(values, ScalarType.Float32, new FusedNorm(Group).Forward);

    public Dictionary<string, Tensor> Exact(IReadOnlyDictionary<string, Tensor> values) =>
        Compute(values, ScalarType.Float64, Group.Forward);

    /// <summary>Asserts that fused and exact results agree.</summary>
    /// <param name="tolerance">Relative to the largest value of each result.</param>
    public void Check(double tolerance = 1e-5)
    {
        using var scope = NewDisposeScope();
        var values = Values();
        var exact = Exact(values);
        foreach (var (name, value) in Fused(values))
        {
            var size = Math.Max(1e-3, exact[name].abs().max().item<double>());
            var error = value.to(ScalarType.Float64).sub(exact[name]).abs().max().item<double>() / size;
            Assert.That(
                error,
                Is.LessThan(tolerance),
                $"{name} of [{string.Join(',', Shape)}], {Activation}, residual: {Residual}, training: {Training}");
        }
    }
}
