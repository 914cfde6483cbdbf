// Classifies image files with a pipeline of ToOnnxEstimator: OnnxPipeline pipeline.zip IMAGE...
// Prints a line of JSON for each image. The pipeline starts with LoadImages of the column ImagePath.
using System.Text.Json;
using Microsoft.ML;

var ml = new MLContext();
var model = ml.Model.Load(args[0], out _);
var images = ml.Data.LoadFromEnumerable(args[1..].Select(path => new ImageFile { ImagePath = path }).ToList());
foreach (var image in ml.Data.CreateEnumerable<Classified>(model.Transform(images), reuseRowObject: true))
{
    var (label, scores) = (image.PredictedLabel, image.Score);
    Console.WriteLine(JsonSerializer.Serialize(new { file = image.ImagePath, label, score = scores.Max(), scores }));
}

internal class ImageFile
{
    public string ImagePath { get; set; } = "";
}

internal sealed class Classified : ImageFile
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
