using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Training.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class FusedNormTests
{
    [Test]
    public void Outputs_gradients_and_running_statistics_are_those_of_libtorch(
        [ValueSource(typeof(NormCase), nameof(NormCase.Activations))] ActivationFunction? activation,
        [Values] bool residual,
        [Values] bool training) =>
        new NormCase([6, 11, 9, 7], activation, residual, training).Check();

    [Test]
    public void Any_width_and_any_number_of_rows_will_do()
    {
        foreach (var channels in Enumerable.Range(1, 40).Concat([63, 64, 65, 257]))
        {
            foreach (var (images, size) in new[] { (1, 3), (5, 1), (3, 5), (5, 13) })
            {
                new NormCase(
                    [images, channels, size, size],
                    ActivationFunction.Relu,
                    Residual: channels % 2 == 0,
                    Seed: channels).Check();
            }
        }
    }

    [Test]
    public void Tensors_of_many_blocks_will_do([Values(1, 2, 3)] int threads)
    {
        using var _ = new ThreadScope(threads);
        new NormCase([33, 11, 31, 29], ActivationFunction.Relu, Residual: true).Check();
        new NormCase([16, 64, 16, 16], ActivationFunction.Silu).Check();
    }

    [TestCase(1e3, 1e-4)]
    [TestCase(1e5, 1e-2)]
    public void A_mean_far_above_the_deviation_cancels(double mean, double tolerance) =>
        new NormCase([16, 5, 16, 16], ActivationFunction.Relu, Mean: mean, Deviation: 1).Check(tolerance);

    [Test]
    public void Gradients_are_the_slopes_of_the_float64_reference(
        [ValueSource(typeof(NormCase), nameof(NormCase.Activations))] ActivationFunction? activation)
    {
        using var scope = NewDisposeScope();
        var one = new NormCase([3, 2, 2, 2], activation, Residual: true, Seed: 5);
        var values = one.Values();
        var fused = one.Fused(values);
        foreach (var name in new[] { "input", "norm.weight", "norm.bias", "other" })
        {
            for (var i = 0; i < values[name].numel(); i++)
            {
                const double Step = 1e-5;
                var slope = (Loss(name, i, Step) - Loss(name, i, -Step)) / (2 * Step);
                Assert.That(
                    fused["gradient of " + name].reshape(-1)[i].item<float>(),
                    Is.EqualTo(slope).Within(2e-5),
                    $"{name}[{i}]");
            }
        }

        double Loss(string name, int index, double step)
        {
            using var inner = NewDisposeScope();
            var moved = values.ToDictionary(v => v.Key, v => v.Value.to(ScalarType.Float64, copy: true));
            moved[name].reshape(-1).narrow(0, index, 1).add_(tensor(step, ScalarType.Float64));
            return one.Compute(moved, ScalarType.Float64, one.Group.Forward)["output"]
                .mul(moved["towards"])
                .sum()
                .item<double>();
        }
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity)]
    public void Non_finite_values_propagate_as_in_libtorch(float value)
    {
        using var scope = NewDisposeScope();
        foreach (var activation in NormCase.Activations)
        {
            foreach (var training in new[] { true, false })
            {
                var one = new NormCase([4, 5, 6, 6], activation, Residual: true, Training: training);
                var values = one.Values();
                values["input"][1, 2, 3, 4] = tensor(value);
                values["other"][2, 1, 3, 4] = tensor(value);
                var (fused, plain) = (one.Fused(values), one.Compute(values, ScalarType.Float32, one.Group.Forward));
                foreach (var name in new[] { "output", "gradient of input", "gradient of other", "running mean" })
                {
                    Assert.That(
                        Same(fused[name].isnan(), plain[name].isnan()),
                        $"{name} after {activation}, training: {training}");
                }
                Assert.That(
                    Same(fused["output"].isinf(), plain["output"].isinf()),
                    $"after {activation}, training: {training}");
            }
        }
    }

    [Test]
    public void One_value_a_channel_has_no_variance()
    {
        using var scope = NewDisposeScope();
        var one = new NormCase([1, 4, 1, 1]);
        Assert.That(
            () => one.Fused(one.Values()),
            Throws.TypeOf<InvalidOptionsException>()
                .With.Message.StartsWith("Batch-norm 'norm' got one value per channel, [1,4,1,1]"));
        Assert.That(
            () => one.Exact(one.Values()), Throws.TypeOf<InvalidOptionsException>(),
            "libtorch would make the running variance NaN");
    }

    [Test]
    public void Results_do_not_depend_on_threads()
    {
        using var scope = NewDisposeScope();
        var one = new NormCase([40, 13, 30, 30], ActivationFunction.Relu, Residual: true);
        var values = one.Values();
        var expected = With(1);
        foreach (var threads in new[] { 2, 3, 5 })
        {
            foreach (var (name, value) in With(threads))
                Assert.That(Same(value, expected[name]), $"{name} on {threads} threads");
        }

        Dictionary<string, Tensor> With(int threads)
        {
            using var _ = new ThreadScope(threads);
            return one.Fused(values);
        }
    }

    [Test]
    public void Channels_stay_innermost()
    {
        using var scope = NewDisposeScope();
        var one = new NormCase([2, 6, 4, 5], ActivationFunction.Relu);
        Assert.That(one.Fused(one.Values())["output"].stride(), Is.EqualTo(new long[] { 120, 1, 30, 6 }));
    }

    [Test]
    public void Backward_pass_frees_what_it_needed()
    {
        var one = new NormCase([8, 3, 8, 8], ActivationFunction.Relu, Residual: true);
        Once(); // what is kept for the next call is there
        var before = LiveTensors.Before();
        for (var i = 0; i < 5; i++) Once();
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));

        void Once()
        {
            using var scope = NewDisposeScope();
            one.Fused(one.Values());
        }
    }

    [Test]
    public void A_second_backward_pass_is_an_error_and_not_the_end_of_the_process()
    {
        using var scope = NewDisposeScope();
        var one = new NormCase([2, 3, 4, 4]);
        var values = one.Values();
        values["input"].requires_grad_();
        var loss = new FusedNorm(one.Group)
            .Forward(new([values["input"].mul(values["towards"])], values, training: true, inPlace: false, noise: null))
            .sum();
        loss.backward(retain_graph: true);
        Assert.That(
            () => FusedNormFunction.BackwardFrom(loss),
            Throws.InvalidOperationException.With.Message.StartsWith("The backward pass of a batch-norm failed"));
    }

    [Test]
    public void Gradients_of_gradients_are_those_of_libtorch(
        [ValueSource(typeof(NormCase), nameof(NormCase.Activations))] ActivationFunction? activation,
        [Values] bool residual,
        [Values] bool training)
    {
        using var scope = NewDisposeScope();
        var one = new NormCase([4, 3, 3, 3], activation, residual, training);
        var values = one.Values();
        var (fused, exact) =
            (Twice(ScalarType.Float32, new FusedNorm(one.Group).Forward), Twice(ScalarType.Float64, one.Group.Forward));
        foreach (var (found, expected) in fused.Zip(exact)) TensorAssert.Close(found, expected, 1e-5);

        Tensor[] Twice(ScalarType type, Func<LayerContext, Tensor> forward)
        {
            var tensors = values.ToDictionary(v => v.Key, v => v.Value.to(type, copy: true).detach());
            Tensor[] leaves =
            [
                .. new[] { "input", "norm.weight", "norm.bias", "other" }
                    .Where(tensors.ContainsKey)
                    .Select(n => tensors[n].requires_grad_()),
            ];
            var input = tensors["input"].mul(tensors["input"]);
            var output = forward(
                new(
                    residual ? [input, tensors["other"].mul(tensors["other"])] : [input],
                    tensors,
                    training,
                    inPlace: false,
                    noise: null));
            var first = autograd.grad(
                [output.mul(output).mul(tensors["towards"]).sum()], leaves, retain_graph: true, create_graph: true);
            var norm = first.Select(g => g.mul(g).sum()).Aggregate((a, b) => a.add(b));
            FusedNormFunction.BackwardFrom(norm);
            return [.. leaves.Select(l => l.grad!)];
        }
    }

    private static bool Same(Tensor one, Tensor other) => one.eq(other).all().item<bool>();
}
