// Classifies image files with an exported model: OnnxDeployment compact.onnx IMAGE...
// Prints a line of JSON for each image.
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

using var session = new InferenceSession(args[0]);
var labels = JsonSerializer.Deserialize<string[]>(session.ModelMetadata.CustomMetadataMap["labels"])!;
if (session.InputMetadata["input"].Dimensions is not [_, 3, var height, var width])
    throw new InvalidDataException($"{args[0]} does not take images of [N,3,H,W].");

foreach (var file in args[1..])
{
    using var decoded = SKBitmap.Decode(file) ?? throw new InvalidDataException($"{file} is not an image.");
    var shape = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
    using var image = decoded.Resize(shape, SKFilterQuality.Medium);

    // The model takes planar RGB (all reds, all greens, all blues) as bytes, and normalizes them itself.
    var planes = new byte[3 * height * width];
    var pixels = image.GetPixelSpan();
    for (var i = 0; i < height * width; i++)
        for (var c = 0; c < 3; c++) planes[c * height * width + i] = pixels[4 * i + c];

    using var input = OrtValue.CreateTensorValueFromMemory(planes, [1, 3, height, width]);
    using var options = new RunOptions();
    using var outputs = session.Run(options, ["input"], [input], ["scores", "class"]);
    var scores = outputs[0].GetTensorDataAsSpan<float>().ToArray();
    var best = outputs[1].GetTensorDataAsSpan<long>()[0];
    Console.WriteLine(JsonSerializer.Serialize(new { file, label = labels[best], score = scores[best], scores }));
}
