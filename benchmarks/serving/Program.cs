using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.PaT;
using Microsoft.ML.PaT.Benchmark;

// usage: N THREADS FOLDER IMAGES | load FILE (which run.sh starts anew for each load, so that nothing is warm)
if (args is ["load", var file])
{
    var (load, first) = Serving.Load(file);
    Console.WriteLine(FormattableString.Invariant($"{load:F0},{first:F0}"));
    return;
}

var (n, threads, folder, images) = (int.Parse(args[0]), int.Parse(args[1]), args[2], int.Parse(args[3]));
var ml = new MLContext(seed: 1);
var (dense, denseScorer, schema) = Models.Fit(ml, Networks.ResNet20, remove: null, threads);
var (compact, compactScorer, _) = Models.Fit(ml, Networks.ResNet20, remove: 0.5, threads);
ml.Model.Save(dense, schema, Path.Combine(folder, "dense.zip"));
ml.Model.Save(compact, schema, Path.Combine(folder, "compact.zip"));
var (large, largeScorer, _) = Models.Fit(ml, Networks.ByName("mobilenet_v2"), remove: null, threads);
ml.Model.Save(large, schema, Path.Combine(folder, "large.zip"));
denseScorer.Model.SaveArchive(Path.Combine(folder, "dense.pat"));
compactScorer.Model.SaveArchive(Path.Combine(folder, "compact.pat"));
largeScorer.Model.SaveArchive(Path.Combine(folder, "large.pat"));

Console.WriteLine($"n = {n}, {threads} threads; medians");
var (denseOne, compactOne) = Serving.Prediction(ml, dense, compact, 20 * n);
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"PredictionEngine, one image: dense {denseOne:F0} us, compact {compactOne:F0} us, {denseOne / compactOne:F2}x"));
foreach (var (name, model, scorer) in new[] { ("dense", dense, denseScorer), ("compact", compact, compactScorer) })
{
    var (whole, bare, engine, one) = Serving.Many(ml, scorer, model, images, n);
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{images} images, {name}: Transform {whole:F0} ms, bare forward pass {bare:F0} ms, {whole / bare:F3}; "
                + $"one image: engine over bare forward {engine / one:F3}"));
}
