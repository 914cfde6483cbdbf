using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class ClassifierFitTests
{
    [Test]
    public void LBFGS_finds_the_minimum_of_a_quadratic_function_and_of_Rosenbrocks()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var root = randn([6, 6], dtype: float64, generator: generator);
        var a = root.mm(root.t()) + 0.1 * eye(6, dtype: float64);
        var b = randn([6], dtype: float64, generator: generator);
        var found = LimitedMemoryBfgs.Minimize(
            zeros(6, dtype: float64), x => ((x.dot(a.mv(x)) / 2 - x.dot(b)).item<double>(), a.mv(x) - b), 500);
        TensorAssert.Close(found, linalg.solve(a, b), 1e-2);

        var valley = LimitedMemoryBfgs.Minimize(tensor(new[] { -1.2, 1.0 }), x =>
        {
            var (u, v) = (x[0].item<double>(), x[1].item<double>());
            var gradient = new[] { -400 * u * (v - u * u) - 2 * (1 - u), 200 * (v - u * u) };
            return (100 * Math.Pow(v - u * u, 2) + Math.Pow(1 - u, 2), tensor(gradient));
        }, 500);
        Assert.That(valley.data<double>().ToArray(), Is.EqualTo(new[] { 1.0, 1.0 }).Within(1e-2));
    }

    [Test]
    public void Without_features_the_scores_are_the_frequencies_of_the_classes()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 0, 0, 0, 0, 0, 1, 1, 1, 2 });
        var problem = new LogisticRegression(zeros(10, 4), labels, classes: 3);
        var (weight, bias) = problem.Fit(problem.Start(), penalty: 0.1).Split();
        Assert.That(weight.count_nonzero().item<long>(), Is.Zero);
        Assert.That(bias.softmax(0).data<float>().ToArray(), Is.EqualTo(new[] { 0.6f, 0.3f, 0.1f }).Within(1e-3));

        // The one image of the last class counts as six.
        var weights = ones(10);
        weights[9] = 6;
        var weighted = new LogisticRegression(zeros(10, 4), labels, 3, weights * (10 / 15f));
        (_, bias) = weighted.Fit(weighted.Start(), 0.1).Split();
        Assert.That(bias.softmax(0).data<float>().ToArray(), Is.EqualTo(new[] { 0.4f, 0.2f, 0.4f }).Within(1e-3));
    }

    [Test]
    public void At_the_minimum_the_penalty_balances_the_errors()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var features = randn([60, 5], dtype: ScalarType.Float32, generator: generator);
        var labels = randint(0, 3, [60], dtype: int64, generator: generator);
        var problem = new LogisticRegression(features, labels, 3);
        var (weight, bias) = problem.Fit(problem.Start(), penalty: 0.05).Split();
        var errors = (nn.functional.linear(features, weight, bias).softmax(1)
            - nn.functional.one_hot(labels, 3).to(float32)) / 60;
        TensorAssert.Close(0.05 * weight, -errors.t().mm(features), 2e-3);
    }

    [Test]
    public void A_classifier_fits_the_features_and_nothing_else_changes()
    {
        using var scope = NewDisposeScope();
        using var images = TinyImages.Store(120);
        using var test = TinyImages.Store(60, seed: 5);
        using var augmentation = new BatchAugmentation(
            images.Shape, new(), new([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]), CPU, channelsLast: true);
        using var generator = new Generator(1);
        using var network = TrainableNetwork.Initialize(TinyNetworks.ResNet8(), generator, CPU, channelsLast: true);
        var before = network.Tensors.ToDictionary(t => t.Key, t => t.Value.detach().clone());
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.That(
            () => ClassifierFit.Run(network, images, augmentation, weights: null, canceled.Token),
            Throws.InstanceOf<OperationCanceledException>());
        TensorAssert.Close(network.Tensors["fc.weight"], before["fc.weight"], 0);
        var fit = ClassifierFit.Run(network, images, augmentation, weights: null, CancellationToken.None);
        foreach (var (name, value) in before.Where(b => !b.Key.StartsWith("fc.", StringComparison.Ordinal)))
            TensorAssert.Close(network.Tensors[name], value, 0);
        Assert.That(fit.LeftOutAccuracy, Is.GreaterThan(0.9));
        Assert.That(Evaluation.Accuracy(network, test, augmentation), Is.GreaterThan(0.9));
    }

    [Test]
    public void Every_class_is_held_out_alike_when_images_alternate_between_classes()
    {
        using var images = TinyImages.Store(100, classes: 5);
        using var augmentation = new BatchAugmentation(
            images.Shape, new(), new([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]), CPU, channelsLast: true);
        using var generator = new Generator(1);
        using var network = TrainableNetwork.Initialize(
            TinyNetworks.ResNet8(classes: 5), generator, CPU, channelsLast: true);
        var fit = ClassifierFit.Run(network, images, augmentation, weights: null, CancellationToken.None);
        Assert.That(fit.LeftOutAccuracy, Is.GreaterThan(0.7));
    }

    [Test]
    public void A_run_fits_first_and_says_so()
    {
        using var run = new TinyRun(
            TinyRun.Options with { Training = TinyRun.Options.Training with { FitClassifierFirst = true } });
        Assert.That(run.Events, Has.One.Contains("The classifier was fitted to the features"));
        Assert.That(run.Events, Has.One.Contains("random weights, because no weights are given"));
    }

    [Test]
    public void A_run_canceled_during_the_fit_throws_and_leaves_no_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = Path.Combine(folder.Name, "checkpoints");
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.That(
            () => new TinyRun(
                TinyRun.Options with
                {
                    Training = TinyRun.Options.Training with
                    {
                        FitClassifierFirst = true, OnDivergence = DivergenceAction.RollBack,
                    },
                    Checkpoints = new() { Folder = checkpoints },
                    CancellationToken = canceled.Token,
                }),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.Exists(checkpoints), Is.False);
    }
}
