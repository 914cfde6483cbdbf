using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.PaT;

// Accuracy and latency of exported models in ONNX Runtime: Onnx.Benchmark DIR THREADS MODEL...
// DIR has a folder of images for each class. Prints a line of JSON for each model: accuracy over all images, median
// milliseconds
// of 200 runs at batch 1, images per second at batch 128 (median of 20 runs).
const int Batch = 128;
var (folder, threads) = (args[0], int.Parse(args[1]));
foreach (var model in args[2..])
{
    using var options =
        new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
    using var session = new InferenceSession(model, options);
    using var run = new RunOptions();
    var labels = JsonSerializer.Deserialize<string[]>(session.ModelMetadata.CustomMetadataMap["labels"])!;
    var dimensions = session.InputMetadata["input"].Dimensions;
    var shape = new ImageShape(dimensions[1], dimensions[2], dimensions[3]);
    var images = (from label in Enumerable.Range(0, labels.Length)
                  from file in Directory.GetFiles(Path.Combine(folder, labels[label])).Order(StringComparer.Ordinal)
                  select (Pixels: ImageDecoder.Decode(File.ReadAllBytes(file), shape), Label: (long)label)).ToArray();

    var correct = images.Chunk(Batch)
        .Sum(chunk => Classes(chunk).Zip(chunk, (actual, image) => actual == image.Label ? 1 : 0).Sum());
    var (one, many) = (images[..1], images[..Math.Min(Batch, images.Length)]);
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        model,
        threads,
        images = images.Length,
        accuracy = (double)correct / images.Length,
        millisecondsAtBatch1 = Median(200, one),
        imagesPerSecondAtBatch128 = 1000 * many.Length / Median(20, many),
    }));

    long[] Classes((byte[] Pixels, long Label)[] batch)
    {
        using var input = Input(batch);
        using var outputs = session.Run(run, ["input"], [input], ["class"]);
        return outputs[0].GetTensorDataAsSpan<long>().ToArray();
    }

    double Median(int runs, (byte[] Pixels, long Label)[] batch)
    {
        using var input = Input(batch);
        var times = new List<double>();
        for (var i = -5; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            session.Run(run, ["input"], [input], ["scores"]).Dispose();
            if (i >= 0) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times.Order().ElementAt(runs / 2);
    }

    OrtValue Input((byte[] Pixels, long Label)[] batch) =>
        OrtValue.CreateTensorValueFromMemory(
            batch.SelectMany(image => image.Pixels).ToArray(),
            [batch.Length, shape.Channels, shape.Height, shape.Width]);
}
