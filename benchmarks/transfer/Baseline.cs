using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>ML.NET's own way: features of ResNet-18 at 224x224 by ONNX Runtime, then logistic regression.</summary>
internal static class Baseline
{
    private const int Size = 224;

    /// <param name="photographs">The images.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="normalizes">Whether the features get mean 0 and variance 1, which the trainer does not do.</param>
    public static Cell Measure(Photographs photographs, int seed, bool normalizes)
    {
        var ml = new MLContext(seed);
        var train = ml.Data.LoadFromEnumerable(photographs.Training);
        var test = ml.Data.LoadFromEnumerable(photographs.Test);
        var features = ml.Transforms.LoadImages("Image", null, nameof(Photograph.ImagePath))
            .Append(ml.Transforms.ResizeImages("Image", Size, Size, resizing: ImageResizingEstimator.ResizingKind.Fill))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
            .Append(ml.Transforms.DnnFeaturizeImage(
                "Features", m => m.ModelSelector.ResNet18(ml, m.OutputColumn, m.InputColumn), "Pixels"))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .AppendCacheCheckpoint(ml);
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy();
        var scaling = ml.Transforms.NormalizeMeanVariance("Features", fixZero: false);
        var clock = Clock.Start();
        ITransformer model = normalizes
            ? features.Append(scaling).Append(trainer).Fit(train)
            : features.Append(trainer).Fit(train);
        var cell = new Cell(normalizes ? "normalized baseline" : "baseline", Size, seed, clock.Elapsed);
        if (seed > 1) return cell;
        clock = Clock.Start();
        var accuracy = ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
        return cell with { Accuracy = accuracy, Testing = clock.Elapsed };
    }
}
