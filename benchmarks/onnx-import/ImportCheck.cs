using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Serving;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>
/// What an imported network computes beside what ONNX Runtime computes: as imported, exported again, and pruned.
/// </summary>
/// <param name="path">The file that the network was imported from.</param>
/// <param name="network">The network.</param>
/// <param name="images">Number of images, at most the batch size of the file unless that is open.</param>
internal sealed class ImportCheck(string path, ImportedNetwork network, int images)
{
    private static readonly double[] s_ratios = [0.3, 0.5];

    /// <summary>
    /// The row of the table, as CSV: the difference between the outputs of two images, which shows that the outputs
    /// depend on the images; the difference after import and after import and export; for each pruning ratio, the
    /// fraction of channels removed and the difference.
    /// </summary>
    public string Run()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var generator = new Generator(1);
        var input = network.Definition.Input;
        var (image, other) = (Image(input, generator), Image(input, generator));
        var file = File.ReadAllBytes(path);
        var original = Runtime(file, image);
        var row = new List<string> { Difference(Runtime(file, other), original) };
        row.Add(Difference(Forward(network.Definition, network.Weights, image), original));
        row.Add(Difference(Runtime(Export(network.Definition, network.Weights), image), original));
        var groups = ChannelGroups.Of(network.Definition);
        var scores = Magnitudes(groups);
        foreach (var ratio in s_ratios)
        {
            var cost = WidthCost.Of(PruningTargetKind.Channels, groups);
            var plan = ChannelRanking.Keep(cost, scores, (1 - ratio) * cost.Full, 1);
            var surgeon = new ChannelPruner(groups, plan);
            var weights = network.Weights.ToDictionary(w => w.Key, w => surgeon.Gather(w.Key, w.Value));
            var removed =
                1 - groups.Groups.Sum(g => (double)plan.Kept[g.Name].Length * g.Multiplicity) / groups.Neurons;
            row.Add(removed.ToString("0.000", CultureInfo.InvariantCulture));
            row.Add(
                Difference(
                    Runtime(Export(surgeon.Definition, weights), image), Forward(surgeon.Definition, weights, image)));
        }
        return string.Join(',', row);
    }

    /// <summary>
    /// How far rounding takes the outputs from those in double precision, as CSV: of the network, of ONNX Runtime, and
    /// of ONNX Runtime without optimizations.
    /// </summary>
    public string Rounding()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var generator = new Generator(1);
        var image = Image(network.Definition.Input, generator);
        var exact = Forward(
            network.Definition, network.Weights.ToDictionary(w => w.Key, w => w.Value.to(float64)), image.to(float64));
        var file = File.ReadAllBytes(path);
        return string.Join(
            ',',
            Difference(Forward(network.Definition, network.Weights, image), exact),
            Difference(Runtime(file, image), exact),
            Difference(Runtime(file, image, GraphOptimizationLevel.ORT_DISABLE_ALL), exact));
    }

    /// <summary>Large soft patches of color: noise alone would look the same to a network in every image.</summary>
    private Tensor Image(ImageShape shape, Generator generator) =>
        nn.functional.interpolate(
            empty(images, shape.Channels, 5, 5).uniform_(0, 1, generator),
            [shape.Height, shape.Width],
            mode: InterpolationMode.Bilinear,
            align_corners: false);

    /// <summary>The norm of the filters that make a channel.</summary>
    private ChannelScores Magnitudes(ChannelGroups groups)
    {
        using var scope = NewDisposeScope();
        using var rows = ChannelRows.OfFilters(groups, CPU);
        var norms = cat([.. rows.Sources.Select(s => network.Weights[s.Name].flatten(1).norm(1))]);
        var scores = rows.Reduce(norms, GroupReduction.Mean).to(float64).contiguous();
        return ChannelScores.Of(groups, MemoryMarshal.Cast<byte, double>(scores.bytes), ScoreNormalization.GroupMean);
    }

    private static float[] Forward(
        NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> weights, Tensor image)
    {
        using var module = new NetworkModule(definition, weights.ToDictionary(w => w.Key, w => w.Value.alias()));
        module.eval();
        return Floats(module.forward(image).to(float32));
    }

    private static byte[] Export(NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> weights)
    {
        var normalization = new Normalization(
            [.. Enumerable.Repeat(0f, definition.Input.Channels)],
            [.. Enumerable.Repeat(1f, definition.Input.Channels)]);
        using var classifier = new ImageClassifier(
            definition, weights, normalization, [.. Enumerable.Range(0, definition.Classes).Select(c => $"{c}")]);
        using var stream = new MemoryStream();
        OnnxExporter.Write(stream, classifier, new() { Input = OnnxInput.Normalized, Softmax = false });
        return stream.ToArray();
    }

    private static float[] Runtime(
        byte[] model, Tensor image, GraphOptimizationLevel optimizations = GraphOptimizationLevel.ORT_ENABLE_ALL)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            GraphOptimizationLevel = optimizations,
        };
        using var session = new InferenceSession(model, options);
        using var input = OrtValue.CreateTensorValueFromMemory(Floats(image), image.shape);
        using var run = new RunOptions();
        using var results = session.Run(run, session.InputNames, [input], session.OutputNames);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static float[] Floats(Tensor tensor) =>
        MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes).ToArray();

    private static string Difference(float[] actual, float[] expected)
    {
        if (actual.Length != expected.Length || !Array.TrueForAll(actual, float.IsFinite)) return "not comparable";
        var largest = actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        return (largest / Math.Max(1, expected.Max(Math.Abs))).ToString("0.0e0", CultureInfo.InvariantCulture);
    }
}
