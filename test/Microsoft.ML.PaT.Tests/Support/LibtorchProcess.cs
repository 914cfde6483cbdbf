using System.Text.Json;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A process that uses libtorch through each entry of the library, and prints what came of each.</summary>
internal static class LibtorchProcess
{
    public const string Mark = "attempt: ";

    private const string Archive = "model.pat", Onnx = "model.onnx", Model = "model.zip";

    /// <summary>Writes the files that the process reads.</summary>
    public static void WriteFiles(string folder)
    {
        var ml = new MLContext();
        using var model = TinyRows.Fit(ml, ml.Data.LoadFromEnumerable(TinyRows.Pixels(8)));
        model.SaveArchive(Path.Combine(folder, Archive));
        model.SaveOnnx(Path.Combine(folder, Onnx));
        ml.Model.Save(model, null, Path.Combine(folder, Model));
    }

    /// <param name="folder">With the files.</param>
    public static int Main(string folder)
    {
        var ml = new MLContext();
        var keyed = TinyRows.Keyed(ml, ml.Data.LoadFromEnumerable(TinyRows.Pixels(8)));
        var (images, options) = (TinyRows.Encoded(4).Select(row => (row.Image, row.Label)), TinyRows.Options);
        var (architecture, normalization) = (Networks.ResNet20, TinyClassifiers.Normalization);
        var network = architecture.Build(new(3, 8, 8), 2);
        var (archive, onnx) = (Path.Combine(folder, Archive), Path.Combine(folder, Onnx));
        var recipe = JsonSerializer.Serialize(new { network = new { onnx } });

        Try("Fit", () => ml.PaT().ImageClassification(options).Fit(keyed).Dispose());
        Try("LoadImages", () => ml.PaT().LoadImages(keyed, options).Training.Dispose());
        Try("Sensitivity", () => ml.PaT().Sensitivity(keyed, options with { Weights = new(archive) }));
        Try("LoadArchive", () => ml.PaT().LoadArchive(archive, keyed.Schema).Dispose());
        Try("Model.Load", () => ml.Model
            .CreatePredictionEngine<TinyRows.PixelRow, Scores>(ml.Model.Load(Path.Combine(folder, Model), out _))
            .Predict(TinyRows.Pixels(1)[0]));
        Try("Load", () => ImageClassifier.Load(archive).Dispose());
        Try("Create", () => ImageClassifier.Create(architecture, new(archive)).Dispose());
        Try("constructor", () => new ImageClassifier(
            network, new Dictionary<string, torch.Tensor>(), normalization, ["a", "b"]).Dispose());
        Try("FromOnnx", () => NetworkArchitecture.FromOnnx(onnx));
        Try("LikeFile", () => OnnxExportOptions.LikeFile(onnx));
        Try("recipe", () => TrainingRecipe.FromJson(recipe));
        Try("FromEncoded", () => ImageDataset.FromEncoded(images).Dispose());
        Try("FromPixels", () => ImageDataset.FromPixels(TinyRows.Planar(0), [0], new(3, 8, 8), ["a", "b"]).Dispose());
        return 0;
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }

    private static void Try(string name, Action attempt)
    {
        try
        {
            attempt();
            Console.WriteLine($"{Mark}{name} is done");
        }
        catch (Exception e)
        {
            Console.WriteLine($"{Mark}{name}: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }
}
