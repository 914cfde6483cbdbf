using TorchSharp.Modules;
using TorchSharp.Tests.Support;
using static TorchSharp.torch.optim;

namespace TorchSharp.Tests;

/// <summary>Every optimiser against its formula, written as a loop over doubles, for several steps; every schedule against its closed form.</summary>
public class OptimizerTests
{
    private const int Steps = 6;
    private static readonly double[] s_start = [1.0, -2.0, 0.5];

    /// <summary>The gradient at a point: that of a bowl with another curvature in each direction.</summary>
    private static double Slope(double p, int i) => (i + 1) * (p - 0.3 * i);

    private static void Follows(Func<Parameter, Optimizer> make, Func<int, double[], double[]> formula)
    {
        using var parameter = new Parameter(tensor(s_start, dtype: ScalarType.Float64));
        using var optimizer = make(parameter);
        var expected = (double[])s_start.Clone();
        for (int step = 1; step <= Steps; step++)
        {
            parameter.grad = tensor(parameter.Numbers().Select(Slope).ToArray(), dtype: ScalarType.Float64);
            optimizer.step();
            expected = formula(step, expected);
            Close.To(parameter, expected, 1e-12);
        }
    }

    [TestCase(0.0, 0.0, 0.0, false)]
    [TestCase(0.9, 0.0, 0.0, false)]
    [TestCase(0.9, 0.0, 0.01, false)]
    [TestCase(0.9, 0.2, 0.01, false)]
    [TestCase(0.9, 0.0, 0.01, true)]
    public void SgdFollowsItsFormula(double momentum, double dampening, double decay, bool nesterov)
    {
        var buffer = new double[3];
        Follows(p => SGD([p], 0.1, momentum, dampening, decay, nesterov), (step, point) => [.. point.Select((p, i) =>
        {
            double g = Slope(p, i) + decay * p;
            buffer[i] = step == 1 ? g : momentum * buffer[i] + (1 - dampening) * g;
            return p - 0.1 * (momentum == 0 ? g : nesterov ? g + momentum * buffer[i] : buffer[i]);
        })]);
    }

    [TestCase(false, false, 0.0)]
    [TestCase(false, true, 0.05)]
    [TestCase(true, false, 0.05)]
    [TestCase(true, true, 0.0)]
    public void AdamAndAdamWFollowTheirFormulas(bool decoupled, bool amsgrad, double decay)
    {
        const double rate = 0.1, b1 = 0.8, b2 = 0.95, eps = 1e-8;
        double[] mean = new double[3], square = new double[3], largest = new double[3];
        Follows(p => decoupled ? AdamW([p], rate, b1, b2, eps, decay, amsgrad) : Adam([p], rate, b1, b2, eps, decay, amsgrad), (step, point) => [.. point.Select((p, i) =>
        {
            double g = Slope(p, i) + (decoupled ? 0 : decay * p);
            if (decoupled) p *= 1 - rate * decay;
            mean[i] = b1 * mean[i] + (1 - b1) * g;
            square[i] = b2 * square[i] + (1 - b2) * g * g;
            largest[i] = Math.Max(largest[i], square[i]);
            double variance = (amsgrad ? largest[i] : square[i]) / (1 - Math.Pow(b2, step));
            return p - rate * mean[i] / (1 - Math.Pow(b1, step)) / (Math.Sqrt(variance) + eps);
        })]);
    }

    [Test]
    public void GroupsHaveTheirOwnOptionsAndShareTheRest()
    {
        using Parameter a = new(ones(1)), b = new(ones(1));
        using var optimizer = SGD([new SGD.ParamGroup { Parameters = [a] }, new SGD.ParamGroup([b], new SGD.Options { LearningRate = 0.5 })], 0.1);
        a.grad = ones(1);
        b.grad = ones(1);
        optimizer.step();
        Close.To(a, [0.9]);
        Close.To(b, [0.5]);
        Assert.That(optimizer.ParamGroups.Select(g => g.LearningRate), Is.EqualTo(new[] { 0.1, 0.5 }));
        optimizer.zero_grad();
        Close.To(a.grad!, [0]);
    }

    [Test]
    public void AParameterWithoutGradientStays()
    {
        using var p = new Parameter(ones(1));
        using var optimizer = Adam([p]);
        optimizer.step();
        Close.To(p, [1]);
    }

    [Test]
    public void TheClosureIsEvaluatedWithGradients()
    {
        using var p = new Parameter(ones(1));
        using var optimizer = SGD([p], 0.1);
        using var loss = optimizer.step(() =>
        {
            var value = (p * p).sum();
            value.backward();
            return value;
        });
        Assert.That(loss!.ToDouble(), Is.EqualTo(1));
        Close.To(p, [0.8]);
    }

    [Test]
    public void BadOptionsAreRefused()
    {
        using var p = new Parameter(ones(1));
        Assert.That(() => SGD([p], -1), Throws.ArgumentException);
        Assert.That(() => SGD([p], 1, nesterov: true), Throws.ArgumentException);
        Assert.That(() => Adam([p], beta1: 1), Throws.ArgumentException);
    }

    private static IEnumerable<TestCaseData> Optimizers()
    {
        yield return new TestCaseData((Func<Parameter, OptimizerHelper>)(p => SGD([p], 0.1, 0.9))).SetName("State of SGD");
        yield return new TestCaseData((Func<Parameter, OptimizerHelper>)(p => Adam([p], 0.1))).SetName("State of Adam");
        yield return new TestCaseData((Func<Parameter, OptimizerHelper>)(p => AdamW([p], 0.1, amsgrad: true))).SetName("State of AdamW");
    }

    [TestCaseSource(nameof(Optimizers))]
    public void StateSurvivesAFileAndACopy(Func<Parameter, OptimizerHelper> make)
    {
        using Parameter first = new(tensor(s_start, dtype: ScalarType.Float64)), second = new(first.detach().clone()), third = new(first.detach().clone());
        using OptimizerHelper a = make(first), b = make(second), c = make(third);
        void Step(Parameter p, Optimizer optimizer)
        {
            p.grad = tensor(p.Numbers().Select(Slope).ToArray(), dtype: ScalarType.Float64);
            optimizer.step();
        }
        for (int i = 0; i < 3; i++) Step(first, a);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) a.save_state_dict(writer);
        stream.Position = 0;
        Step(second, b); // so that there is a state to be replaced
        using (var reader = new BinaryReader(stream)) b.load_state_dict(reader);
        Step(third, c);
        c.load_state_dict(a.state_dict());
        using (no_grad())
        {
            second.copy_(first);
            third.copy_(first);
        }
        Assert.That(b.state_dict().State[0].ApproximatelyEquals(a.state_dict().State[0]), Is.True);
        Step(first, a);
        Step(second, b);
        Step(third, c);
        Close.To(second, first, 1e-12);
        Close.To(third, first, 1e-12);
    }

    private static IEnumerable<TestCaseData> Schedules()
    {
        TestCaseData Of(string name, Func<Optimizer, lr_scheduler.LRScheduler> make, Func<int, double> factor) => new TestCaseData(make, factor).SetName(name);
        yield return Of("StepLR", o => lr_scheduler.StepLR(o, 3, 0.5), e => Math.Pow(0.5, e / 3));
        yield return Of("MultiStepLR", o => lr_scheduler.MultiStepLR(o, [2, 5], 0.1), e => e < 2 ? 1 : e < 5 ? 0.1 : 0.01);
        yield return Of("ExponentialLR", o => lr_scheduler.ExponentialLR(o, 0.9), e => Math.Pow(0.9, e));
        yield return Of("CosineAnnealingLR", o => lr_scheduler.CosineAnnealingLR(o, 6, 0.1), e => (0.1 + (2 - 0.1) * (1 + Math.Cos(Math.PI * e / 6)) / 2) / 2);
        yield return Of("LinearLR", o => lr_scheduler.LinearLR(o, 0.2, 1, 4), e => 0.2 + 0.8 * Math.Min(e, 4) / 4);
        yield return Of("ConstantLR", o => lr_scheduler.ConstantLR(o, 0.25, 3), e => e < 3 ? 0.25 : 1);
        yield return Of("LambdaLR", o => lr_scheduler.LambdaLR(o, e => 1.0 / (1 + e)), e => 1.0 / (1 + e));
    }

    [TestCaseSource(nameof(Schedules))]
    public void SchedulesFollowTheirClosedForm(Func<Optimizer, lr_scheduler.LRScheduler> make, Func<int, double> factor)
    {
        using var p = new Parameter(ones(1));
        using var optimizer = SGD([p], 2.0);
        var schedule = make(optimizer);
        for (int epoch = 0; epoch < 9; epoch++)
        {
            Assert.That(optimizer.ParamGroups.Single().LearningRate, Is.EqualTo(2 * factor(epoch)).Within(1e-12), $"epoch {epoch}");
            Assert.That(schedule.get_last_lr().Single(), Is.EqualTo(2 * factor(epoch)).Within(1e-12));
            schedule.step();
        }
    }
}
