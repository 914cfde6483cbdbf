using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>ML.NET's own way: features of ResNet-18 at 224x224 by ONNX Runtime, then logistic regression.</summary>
internal static class Baseline
{
    private const int Size = 224;

    public static Cell Measure(Photographs photographs, int seed)
    {
        var ml = new MLContext(seed);
        var train = ml.Data.LoadFromEnumerable(photographs.Training);
        var test = ml.Data.LoadFromEnumerable(photographs.Test);
        var pipeline = ml.Transforms.LoadImages("Image", null, nameof(Photograph.ImagePath))
            .Append(ml.Transforms.ResizeImages("Image", Size, Size, resizing: ImageResizingEstimator.ResizingKind.Fill))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
            .Append(ml.Transforms.DnnFeaturizeImage(
                "Features", m => m.ModelSelector.ResNet18(ml, m.OutputColumn, m.InputColumn), "Pixels"))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
        var clock = Clock.Start();
        var model = pipeline.Fit(train);
        var cell = new Cell("baseline", Size, seed, clock.Elapsed);
        if (seed > 1) return cell;
        clock = Clock.Start();
        var accuracy = ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
        return cell with { Accuracy = accuracy, Testing = clock.Elapsed };
    }
}
