using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A process that uses libtorch in several ways and prints the result of each attempt.</summary>
internal static class LibtorchProcess
{
    public const string Mark = "attempt: ";

    public static int Main()
    {
        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable(TinyRows.Pixels(8));
        var keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        var network = Networks.ResNet20.Build(new(3, 8, 8), 2);
        Try(() => ml.PaT().ImageClassification(TinyRows.Options).Fit(keyed).Dispose());
        Try(() => ImageClassifier.Load(new MemoryStream([1, 2, 3])).Dispose());
        Try(() =>
            new ImageClassifier(
                network, new Dictionary<string, torch.Tensor>(), TinyClassifiers.Normalization, ["a", "b"]).Dispose());
        return 0;
    }

    private static void Try(Action attempt)
    {
        try
        {
            attempt();
            Console.WriteLine($"{Mark}done");
        }
        catch (Exception e)
        {
            Console.WriteLine($"{Mark}{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }
}
