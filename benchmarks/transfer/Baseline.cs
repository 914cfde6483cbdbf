using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>ML.NET's own way: features of ResNet-18 at 224x224 by ONNX Runtime, then logistic regression.</summary>
internal static class Baseline
{
    private const int Size = 224;

    /// <summary>From files, which <c>ResizeImages</c> enlarges.</summary>
    public static Cell OfFiles(Photographs photographs, int seed)
    {
        var ml = new MLContext(seed);
        var load = ml.Transforms.LoadImages("Image", null, nameof(Photograph.ImagePath))
            .Append(ml.Transforms.ResizeImages("Image", Size, Size, resizing: ImageResizingEstimator.ResizingKind.Fill))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image"));
        return Measure("baseline", ml, load, seed, photographs, of => ml.Data.LoadFromEnumerable(of));
    }

    /// <summary>From images that were enlarged with a bilinear filter.</summary>
    public static Cell OfEnlarged(Photographs photographs, int seed)
    {
        var ml = new MLContext(seed);
        var load = ml.Transforms.ExtractPixels("Pixels", "Image");
        return Measure("enlarged baseline", ml, load, seed, photographs,
            of => ml.Data.LoadFromEnumerable(Enlarged.Of(of)));
    }

    private static Cell Measure<T>(
        string name,
        MLContext ml,
        IEstimator<T> load,
        int seed,
        Photographs photographs,
        Func<IReadOnlyList<Photograph>, IDataView> read)
        where T : class, ITransformer
    {
        var pipeline = load
            .Append(ml.Transforms.DnnFeaturizeImage(
                "Features", m => m.ModelSelector.ResNet18(ml, m.OutputColumn, m.InputColumn), "Pixels"))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
        var clock = Clock.Start();
        var model = pipeline.Fit(read(photographs.Training));
        var cell = new Cell(name, Size, seed, clock.Elapsed);
        if (seed > 1) return cell;
        clock = Clock.Start();
        var accuracy = ml.MulticlassClassification.Evaluate(model.Transform(read(photographs.Test))).MicroAccuracy;
        return cell with { Accuracy = accuracy, Testing = clock.Elapsed };
    }

    private sealed class Enlarged
    {
        [ImageType(Size, Size)]
        public MLImage Image { get; init; } = null!;

        public string Label { get; init; } = "";

        public static IEnumerable<Enlarged> Of(IReadOnlyList<Photograph> photographs)
        {
            using var images = Photographs.Decode(photographs, Size);
            for (var i = 0; i < photographs.Count; i++) yield return new()
            {
                Image = MLImage.CreateFromPixels(Size, Size, MLPixelFormat.Rgba32, Pixels(images, i)),
                Label = photographs[i].Label,
            };
        }

        /// <summary>[H,W,4], opaque.</summary>
        private static byte[] Pixels(ImageDataset images, int index)
        {
            using var image = images.Read(index, 1);
            var planar = image.bytes;
            var pixels = new byte[4 * Size * Size];
            for (var i = 0; i < Size * Size; i++)
            {
                for (var c = 0; c < 3; c++) pixels[(4 * i) + c] = planar[(c * Size * Size) + i];
                pixels[(4 * i) + 3] = byte.MaxValue;
            }
            return pixels;
        }
    }
}
