using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.PaT;

// Trains ResNet-20 on 2,000 images and scores 2,000 others twice: by the transformer, and by ToOnnxEstimator, for
// which ML.NET resizes the images.
//   Resizing.Benchmark DIR EPOCHS SIZE...
// DIR has train/CLASS/ and test/CLASS/ images. Prints a line for each size of the network's input.
const int Images = 2000;
var (folder, epochs) = (args[0], int.Parse(args[1]));
var ml = new MLContext(seed: 1);
var (train, test) = (Files("train"), Files("test"));
foreach (var size in args[2..].Select(int.Parse))
{
    using var model = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.LoadRawImageBytes("Image", null, "ImagePath"))
        .Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
        {
            Network = Networks.ResNet20,
            Images = new() { Height = size, Width = size },
            Pruning = new() { Policy = PruningPolicy.AtEpoch(2) },
            Training = new() { Epochs = epochs, ValidationFraction = 0 }, Seed = 1,
        }))
        .Fit(train);
    var keyed = model.First().Transform(test);
    var ours = model.Transform(test);
    var theirs = ml.Transforms.LoadImages("Image", null, "ImagePath")
        .Append(model.LastTransformer.ToOnnxEstimator(ml))
        .Fit(keyed)
        .Transform(keyed);
    var same = Fraction(Predicted(ours).Zip(Predicted(theirs), (a, b) => a == b));
    var difference = Scores(ours).Zip(Scores(theirs), (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max()).Average();
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{size}: pixels differ by {PixelDifference(size):F1}, same class {same:P1}, largest score difference "
                + $"{difference:F3} (mean), accuracy {Accuracy(ours):P1} and {Accuracy(theirs):P1}"));
}

double PixelDifference(int size)
{
    var pixels = ml.Transforms.LoadImages("Image", null, "ImagePath")
        .Append(ml.Transforms.ResizeImages("Image", size, size))
        .Append(ml.Transforms.ExtractPixels("Pixels", "Image", outputAsFloatArray: false))
        .Fit(test).Transform(test);
    return pixels.GetColumn<byte[]>("Pixels")
        .Zip(pixels.GetColumn<string>("ImagePath"), (theirs, path) =>
            ImageDecoder.Decode(File.ReadAllBytes(path), new(3, size, size))
                .Zip(theirs, (a, b) => Math.Abs(a - b))
                .Average())
        .Average();
}

IDataView Files(string part)
{
    var classes = Directory.GetDirectories(Path.Combine(folder, part)).Order(StringComparer.Ordinal).ToArray();
    return ml.Data.LoadFromEnumerable(
        classes.SelectMany(c =>
                Directory.GetFiles(c)
                    .Order(StringComparer.Ordinal)
                    .Take(Images / classes.Length)
                    .Select(file => new ImageFile { ImagePath = file, Label = Path.GetFileName(c) }))
            .ToList());
}

double Accuracy(IDataView scored) => ml.MulticlassClassification.Evaluate(scored).MicroAccuracy;

static IEnumerable<uint> Predicted(IDataView scored) => scored.GetColumn<uint>("PredictedLabel");

static IEnumerable<float[]> Scores(IDataView scored) => scored.GetColumn<float[]>("Score");

static double Fraction(IEnumerable<bool> values) => values.Average(value => value ? 1 : 0);

internal sealed class ImageFile
{
    public string ImagePath { get; set; } = "";

    public string Label { get; set; } = "";
}
