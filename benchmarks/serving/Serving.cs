using System.Diagnostics;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>Times what an application does with a model.</summary>
internal static class Serving
{
    /// <summary>
    /// Median microseconds of a prediction for one image, of rounds that alternate between two models so that both see
    /// the same machine.
    /// </summary>
    public static (double Dense, double Compact) Prediction(
        MLContext ml, ITransformer dense, ITransformer compact, int n)
    {
        var image = Row.Noise(1)[0];
        // Not disposed: an engine takes its model along, and that is needed again.
        var one = ml.Model.CreatePredictionEngine<Row, Scored>(dense);
        var other = ml.Model.CreatePredictionEngine<Row, Scored>(compact);
        var (first, second) = (new List<double>(), new List<double>());
        for (var round = -20; round < n; round++)
        {
            var (a, b) = (Microseconds(() => one.Predict(image)), Microseconds(() => other.Predict(image)));
            if (round < 0) continue; // the first ones compile
            first.Add(a);
            second.Add(b);
        }
        return (Median(first), Median(second));
    }

    /// <summary>
    /// Median milliseconds of scoring many images through <c>Transform</c>, of the bare forward pass in batches of the
    /// same size, and of one image through an engine and bare, in turns.
    /// </summary>
    public static (double Transform, double Bare, double Engine, double BareOne) Many(
        MLContext ml, PruningAwareTrainingTransformer scorer, ITransformer model, int images, int n)
    {
        const int batch = 256;
        var rows = ml.Data.LoadFromEnumerable(Row.Noise(images));
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.inference_mode();
        using var network = new ScoringModule(scorer.Model.Network, scorer.Model.Weights, torch.CPU);
        var input = network.Ordered(torch.rand(batch, 3, 32, 32));
        var single = network.Ordered(torch.rand(1, 3, 32, 32));
        var engine = ml.Model.CreatePredictionEngine<Row, Scored>(model);
        var image = Row.Noise(1)[0];
        var (whole, bare, engines, ones) =
            (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < n; round++)
        {
            var transformed = Microseconds(() =>
            {
                using var cursor = model.Transform(rows).GetRowCursor(model.GetOutputSchema(rows.Schema));
                var column = cursor.Schema["Score"];
                var getter = cursor.GetGetter<Microsoft.ML.Data.VBuffer<float>>(column);
                var value = default(Microsoft.ML.Data.VBuffer<float>);
                while (cursor.MoveNext()) getter(ref value);
            });
            var forward = Microseconds(() =>
            {
                for (var done = 0; done < images; done += batch)
                    Forward(done + batch <= images ? input : input.narrow(0, 0, images - done));
            });
            for (var i = 0; i < 20; i++)
            {
                var (predicted, passed) =
                    (Microseconds(() => engine.Predict(image)), Microseconds(() => Forward(single)));
                if (round < 0) continue;
                engines.Add(predicted / 1000);
                ones.Add(passed / 1000);
            }
            if (round < 0) continue;
            whole.Add(transformed / 1000);
            bare.Add(forward / 1000);
        }
        return (Median(whole), Median(bare), Median(engines), Median(ones));

        void Forward(torch.Tensor x)
        {
            using var step = torch.NewDisposeScope();
            network.Score(x).softmax(1).data<float>().ToArray();
        }
    }

    /// <summary>
    /// Milliseconds that a saved model takes to load in a fresh context, and then its first prediction: an archive as
    /// <see cref="ImageClassifier"/>, <c>model.zip</c> through a prediction engine.
    /// </summary>
    public static (double Load, double First) Load(string path)
    {
        if (Path.GetExtension(path) == ".pat") return LoadArchive(path);
        var ml = new MLContext();
        ITransformer model = null!;
        var load = Microseconds(() => model = ml.Model.Load(path, out _)) / 1000;
        var first = Microseconds(() =>
        {
            using var engine = ml.Model.CreatePredictionEngine<Row, Scored>(model);
            engine.Predict(Row.Noise(1)[0]);
        }) / 1000;
        return (load, first);
    }

    private static (double Load, double First) LoadArchive(string path)
    {
        ImageClassifier classifier = null!;
        var load = Microseconds(() => classifier = ImageClassifier.Load(path)) / 1000;
        var first = Microseconds(classifier.WarmUp) / 1000;
        classifier.Dispose();
        return (load, first);
    }

    private static double Microseconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
