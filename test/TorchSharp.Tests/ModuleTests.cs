using TorchSharp.Modules;
using TorchSharp.Tests.Support;
using TorchSharp.Utils;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests;

/// <summary>Names, registration, state and modes of modules; what the library's own compute is tested against their functional form.</summary>
public class ModuleTests
{
    private sealed class Net : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(1, 2, 3, bias: false);
        [ComponentName(Name = "norm.alpha")] private readonly Parameter _scale = new(ones(2));
        private readonly Tensor table = zeros(3);
        private readonly Sequential tail = Sequential(("fc", Linear(8, 4)), ("act", ReLU()));

        internal Net() : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input) => tail.call(conv1.call(input).flatten(1));
    }

    [Test]
    public void FieldsAreRegisteredByNameInOrder()
    {
        using var net = new Net();
        Assert.That(net.named_parameters().Select(p => p.name), Is.EqualTo(new[] { "norm.alpha", "conv1.weight", "tail.fc.weight", "tail.fc.bias" }));
        Assert.That(net.named_buffers().Select(b => b.name), Is.EqualTo(new[] { "table" }));
        Assert.That(net.named_modules().Select(m => m.name), Is.EqualTo(new[] { "conv1", "tail", "tail.fc", "tail.act" }));
        Assert.That(net.state_dict().Keys, Is.EquivalentTo(new[] { "norm.alpha", "conv1.weight", "tail.fc.weight", "tail.fc.bias", "table" }));
        Assert.That(net.has_parameter("tail.fc.bias") && net.has_buffer("table") && !net.has_parameter("tail.fc.scale"));
        Assert.That(net.GetName(), Is.EqualTo("Net"));
    }

    [Test]
    public void RegisteringTwiceIsRefused()
    {
        using var net = new Net();
        using var extra = Identity();
        Assert.That(() => net.register_module("conv1", extra), Throws.InvalidOperationException);
        Assert.That(() => net.register_module("a.b", extra), Throws.ArgumentException);
        Assert.That(() => net.register_buffer("table", zeros(1)), Throws.InvalidOperationException);
        Assert.That(() => net.register_parameter("norm.alpha", new Parameter(zeros(1))), Throws.InvalidOperationException);
    }

    [Test]
    public void StateIsCopiedByName()
    {
        using Net a = new(), b = new();
        var (missing, unexpected) = b.load_state_dict(a.state_dict());
        Assert.That(missing.Count + unexpected.Count, Is.Zero);
        foreach (var (name, value) in a.state_dict()) Close.To(b.state_dict()[name], value);
        var part = a.state_dict();
        part.Remove("table");
        part["stranger"] = zeros(1);
        Assert.That(() => b.load_state_dict(part), Throws.InvalidOperationException);
        (missing, unexpected) = b.load_state_dict(part, strict: false);
        Assert.That((missing.Single(), unexpected.Single()), Is.EqualTo(("table", "stranger")));
    }

    [Test]
    public void ModesReachEveryChild()
    {
        using var net = Sequential(BatchNorm2d(2), Sequential(Dropout(0.5)));
        Assert.That(net.modules().All(m => m.training));
        net.eval();
        Assert.That(net.modules().Any(m => m.training), Is.False);
        var x = randn(2, 2, 3, 3);
        Close.To(net.call(x), x / Math.Sqrt(1 + 1e-5), 1e-5);
    }

    [Test]
    public void BatchNormMovesItsStatistics()
    {
        using var norm = BatchNorm1d(2);
        var x = tensor(new[] { 1f, 10, 3, 20 }, 2, 2);
        Close.To(norm.call(x), [-1, -1, 1, 1], 1e-4);
        Close.To(norm.running_mean!, [0.2, 1.5], 1e-6); // 0.1 of the means 2 and 15
        Close.To(norm.running_var!, [0.9 + 0.1 * 2, 0.9 + 0.1 * 50], 1e-5); // unbiased variances
        Assert.That(norm.num_batches_tracked!.ToInt64(), Is.EqualTo(1));
        norm.reset_running_stats();
        Close.To(norm.running_var!, [1, 1]);
    }

    [Test]
    public void ConversionKeepsIntegersAndReplacesFields()
    {
        using var net = Sequential(Conv2d(1, 2, 3), BatchNorm2d(2));
        var before = net.parameters().First();
        net.to(ScalarType.Float64);
        Assert.That(before.IsInvalid, Is.True);
        Assert.That(net.parameters().All(p => p.dtype == ScalarType.Float64 && p.requires_grad && p.is_leaf));
        Assert.That(((BatchNorm2d)net[1]).num_batches_tracked!.dtype, Is.EqualTo(ScalarType.Int64));
        Assert.That(net.call(randn([1, 1, 4, 4], ScalarType.Float64)).dtype, Is.EqualTo(ScalarType.Float64));
        Assert.That(() => net.to(ScalarType.Int64), Throws.ArgumentException);
    }

    [Test]
    public void DisposingAModuleDisposesWhatItOwns()
    {
        var net = new Net();
        var owned = net.parameters().Cast<Tensor>().Concat(net.buffers()).ToList();
        net.Dispose();
        Assert.That(owned.All(t => t.IsInvalid));
    }

    [Test]
    public void GradientsAreForgottenOrZeroed()
    {
        using var linear = Linear(2, 1);
        linear.call(ones(1, 2)).sum().backward();
        linear.zero_grad(set_to_none: false);
        Close.To(linear.weight.grad!, [0, 0]);
        linear.zero_grad();
        Assert.That(linear.weight.grad, Is.Null);
    }

    [Test]
    public void AssigningAWeightDisposesTheOneBefore()
    {
        using var conv = Conv2d(1, 1, 1, bias: false);
        var before = conv.weight;
        conv.weight = new Parameter(full([1, 1, 1, 1], 3.0f));
        Assert.That(before.IsInvalid, Is.True);
        Close.To(conv.call(ones(1, 1, 1, 1)), [3]);
        Assert.That(conv.named_parameters().Single().parameter, Is.SameAs(conv.weight));
    }

    [Test]
    public void ListsAndDictionariesRegisterTheirModules()
    {
        using var list = ModuleList<Module<Tensor, Tensor>>(Linear(1, 1), ReLU());
        list.append(Linear(1, 2));
        Assert.That(list.named_parameters().Select(p => p.name), Is.EqualTo(new[] { "0.weight", "0.bias", "2.weight", "2.bias" }));
        list.RemoveAt(1);
        Assert.That(list.named_children().Select(c => c.name), Is.EqualTo(new[] { "0", "1" }));
        using var dictionary = ModuleDict<Module>(("b", Linear(1, 1)), ("a", ReLU()));
        Assert.That(dictionary.keys(), Is.EqualTo(new[] { "b", "a" }));
        Assert.That(dictionary.ContainsKey("a") && dictionary.named_parameters().First().name == "b.weight");
    }

    [Test]
    public void SequentialPartsAndEmptiness()
    {
        using var net = Sequential(Linear(2, 2), ReLU(), Linear(2, 1));
        Assert.That(net.Count, Is.EqualTo(3));
        Assert.That(net[1..].Count, Is.EqualTo(2));
        Assert.That(net[1..].named_children().First().name, Is.EqualTo("1"));
        using var empty = Sequential();
        var x = ones(2);
        var same = empty.call(x);
        Assert.That(same, Is.Not.SameAs(x));
        Close.To(same, x);
    }
}
