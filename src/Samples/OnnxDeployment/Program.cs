// Classifies image files with an exported model: OnnxDeployment compact.onnx IMAGE...
// Prints a line of JSON for each image.
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using PaT.Samples;

using var session = new InferenceSession(args[0]);
var metadata = session.ModelMetadata.CustomMetadataMap;
var labels = JsonSerializer.Deserialize<string[]>(metadata["labels"])!;
if (session.InputMetadata["input"].Dimensions is not [_, 3, var height, var width])
    throw new InvalidDataException($"{args[0]} does not take images of [N,3,H,W].");

foreach (var file in args[1..])
{
    var pixels = ImageInput.Read(file, height, width, metadata["resizing"]);
    using var input = OrtValue.CreateTensorValueFromMemory(pixels, [1, 3, height, width]);
    using var options = new RunOptions();
    using var outputs = session.Run(options, ["input"], [input], ["scores", "class"]);
    var scores = outputs[0].GetTensorDataAsSpan<float>().ToArray();
    var best = outputs[1].GetTensorDataAsSpan<long>()[0];
    Console.WriteLine(JsonSerializer.Serialize(new { file, label = labels[best], score = scores[best], scores }));
}
