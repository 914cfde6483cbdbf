using System.Diagnostics;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Fits the classifier of a network to the features before it, which are computed once: multinomial logistic
/// regression by L-BFGS. The rest of the network stays as it is.
/// </summary>
/// <param name="LeftOutAccuracy">Accuracy on every fifth image of each class, after a fit to the others.</param>
/// <param name="Seconds">Time of the whole.</param>
internal sealed record ClassifierFit(double Penalty, double LeftOutAccuracy, double Seconds)
{
    private const int BatchSize = 256, LeftOut = 5;

    /// <summary>Candidates, from strong to weak: each fit starts from the one before.</summary>
    private static readonly double[] s_penalties = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003];

    /// <param name="network">The network; its classifier is changed.</param>
    /// <param name="images">Training images, not augmented.</param>
    /// <param name="weights">Weight of each image, float [N]; null for 1.</param>
    /// <param name="cancellation">Checked before each batch and each fit.</param>
    /// <exception cref="InvalidOptionsException">The classifier is not a linear layer of a vector.</exception>
    /// <exception cref="OperationCanceledException">The fit was canceled; the classifier is unchanged.</exception>
    public static ClassifierFit Run(
        TrainableNetwork network,
        ImageDataset images,
        BatchAugmentation augmentation,
        Tensor? weights,
        CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var classifier = ClassifierOf(network.Definition);
        var features = Features(network, images, augmentation, classifier.Inputs[0], cancellation);
        var (mean, deviation) = (features.mean([0]), features.std(0, unbiased: false));
        // Features that never vary stay 0.
        deviation = deviation.where(deviation.gt(Scalars.Zero), ones_like(deviation));
        features.Plus_(mean, -1).div_(deviation);

        var (labels, classes) = (images.Labels.to(features.device), images.Classes.Count);
        var isHeld = EveryFifthOfEachClass(images);
        var (held, rest) = (Rows(i => isHeld[i]), Rows(i => !isHeld[i]));
        var (penalty, accuracy) = Choose(
            Problem(rest), features.index_select(0, held), labels.index_select(0, held), cancellation);
        var all = new LogisticRegression(features, labels, classes, weights?.to(features.device));
        var (weight, bias) = all.Fit(all.Start(), penalty).Split();
        weight = weight.div(deviation);
        network.Tensors[classifier.Name + ".weight"].copy_(weight);
        network.Tensors[classifier.Name + ".bias"].copy_(bias.Plus(weight.mv(mean), -1));
        return new(penalty, accuracy, clock.Elapsed.TotalSeconds);

        Tensor Rows(Func<int, bool> take) => tensor(
            Enumerable.Range(0, images.Count).Where(take).Select(i => (long)i).ToArray(), device: features.device);

        LogisticRegression Problem(Tensor rows) => new(
            features.index_select(0, rows), labels.index_select(0, rows), classes,
            weights?.to(features.device).index_select(0, rows));
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"The classifier was fitted to the features of the initial weights in {Seconds:F1} s. A fit without ")
        + FormattableString.Invariant(
            $"every fifth image classifies {LeftOutAccuracy:P1} of these correctly (penalty {Penalty:G2}).");

    /// <exception cref="InvalidOptionsException">The classifier is no linear layer of a vector.</exception>
    public static LinearLayer ClassifierOf(NetworkDefinition definition)
    {
        var last = definition.Layers.Last(l => l.Parameters.Any());
        return last is LinearLayer linear && definition.OutputShape(linear.Inputs[0]) is { Height: 1, Width: 1 }
            ? linear
            : throw new InvalidOptionsException(
                ErrorCodes.OptionsInvalid,
                $"Training.FitClassifierFirst is true; it must be false for network '{definition.Name}', whose last "
                    + $"layer with weights, '{last.Name}', is not a linear layer of a vector.");
    }

    /// <summary>The first of five images of a class is left out, for datasets that alternate between classes.</summary>
    private static bool[] EveryFifthOfEachClass(ImageDataset images)
    {
        var seen = new int[images.Classes.Count];
        return Array.ConvertAll(images.Labels.cpu().data<long>().ToArray(), label => seen[label]++ % LeftOut == 0);
    }

    /// <summary>float [N,F].</summary>
    private static Tensor Features(
        TrainableNetwork network,
        ImageDataset images,
        BatchAugmentation augmentation,
        string layer,
        CancellationToken cancellation)
    {
        network.Module.eval();
        var width = network.Definition.OutputShape(layer).Channels;
        var features = empty([images.Count, width], dtype: float32, device: network.Device);
        for (var start = 0; start < images.Count; start += BatchSize)
        {
            ExitGate.Pass();
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(BatchSize, images.Count - start);
            var input = augmentation.Normalize(images.Read(start, count).to(network.Device));
            network.Module.Observed(input, (name, output) =>
            {
                if (name == layer) features.narrow(0, start, count).copy_(output.flatten(1));
            });
        }
        return features;
    }

    /// <summary>The penalty with the least loss on the images left out.</summary>
    private static (double Penalty, double Accuracy) Choose(
        LogisticRegression rest, Tensor features, Tensor labels, CancellationToken cancellation)
    {
        var (best, accuracy, least) = (s_penalties[0], 0.0, double.PositiveInfinity);
        var at = rest.Start();
        foreach (var penalty in s_penalties)
        {
            cancellation.ThrowIfCancellationRequested();
            at = rest.Fit(at, penalty);
            using var scope = NewDisposeScope();
            var (weight, bias) = at.Split();
            var logits = nn.functional.linear(features, weight, bias);
            var loss = nn.functional.cross_entropy(logits, labels).item<float>();
            if (loss >= least) break; // the loss over the penalties has one minimum
            (best, least) = (penalty, loss);
            accuracy = logits.argmax(1).eq(labels).to(float64).mean().item<double>();
        }
        return (best, accuracy);
    }
}
