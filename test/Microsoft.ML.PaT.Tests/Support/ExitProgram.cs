namespace Microsoft.ML.PaT.Tests;

/// <summary>Loads, warms up, scores, transforms or trains on a background thread, and ends after a moment.</summary>
internal static class ExitProgram
{
    public const int Code = 7;

    public static readonly string[] Works = ["load", "warm", "score", "transform", "train"];

    public static readonly string[] Ways = ["return", "exit", "throw", "term"];

    /// <param name="arguments"><c>exit</c>, the work, the way to end, milliseconds until then, model.pat,
    /// model.zip.</param>
    /// <returns>The exit code where the way is to return.</returns>
    public static int Main(string[] arguments)
    {
        var (work, way, wait) = (arguments[1], arguments[2], int.Parse(arguments[3]));
        var (archive, zip) = (arguments[4], arguments[5]);
        using var started = new ManualResetEventSlim();
        var thread = new Thread(() => Loop(work, archive, zip, started)) { IsBackground = true };
        thread.Start();
        started.Wait();
        Console.WriteLine("go");
        Thread.Sleep(wait);
        if (way == "exit") Environment.Exit(Code);
        if (way == "throw") throw new InvalidOperationException("asked for");
        if (way == "term") Thread.Sleep(Timeout.Infinite);
        return Code;
    }

    private static void Loop(string work, string archive, string zip, ManualResetEventSlim started)
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(TinyRows.Encoded(64));
        if (work == "load") started.Set();
        var classifier = ImageClassifier.Load(archive);
        var model = ml.Model.Load(zip, out _);
        var (images, scores) = (new byte[16 * classifier.Input.Size], new float[16 * classifier.Classes.Count]);
        started.Set();
        while (true)
            switch (work)
            {
                case "load":
                    ImageClassifier.Load(archive).Dispose();
                    break;
                case "warm":
                    classifier.WarmUp();
                    break;
                case "score":
                    classifier.Score(images, scores);
                    break;
                case "transform":
                    _ = model.Transform(rows).Preview(maxRows: 64);
                    break;
                default:
                    ml.Transforms.Conversion.MapValueToKey("Label")
                        .Append(ml.PaT().ImageClassification(TinyRows.Options))
                        .Fit(rows)
                        .Dispose();
                    break;
            }
    }
}
