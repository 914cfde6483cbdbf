using Microsoft.ML.Data;
namespace PaT.Cli.Tests;

/// <summary>The code of the README runs; that the README says the same, <see cref="DocsTests"/> sees.</summary>
public sealed class ReadmeTests
{
    private const int Classes = 2;

    [Test]
    public void The_first_code_of_the_readme_trains_and_saves()
    {
        using var folder = new TemporaryFolder();
        DrawnFolder.Write(folder.File("images"), Classes, each: 8);
        var imageFolder = folder.File("images");
        var data = new MLContext().Data.LoadFromEnumerable(
            ImageFolder.Read(imageFolder).Training.Select(f => new FileRow { ImagePath = f.Name, Label = f.Label }));
        Within(folder, () => Train(data, imageFolder));
        using var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(folder.File("model.zip"), out _);
        Assert.That(loaded.GetOutputSchema(data.Schema)["PredictedLabel"].Type, Is.EqualTo(TextDataViewType.Instance));
    }

    [Test]
    public void The_report_is_told_and_written_as_the_readme_says()
    {
        using var folder = new TemporaryFolder();
        DrawnFolder.Write(folder.File("images"), Classes, each: 8);
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(ImageFolder.Read(folder.File("images")).Training);
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.PaT().ImageClassification(epochs: 1)).Fit(data);
        Within(folder, () => Tell(model));
        Assert.That(RunReport.ReadJson(folder.File("report.json")).Network, Is.EqualTo("resnet20-cifar"));
        Assert.That(File.ReadAllText(folder.File("report.html")), Does.EndWith("</html>\n"));
    }

    private static void Train(IDataView data, string imageFolder)
    {
        var ml = new MLContext();
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadRawImageBytes("Image", imageFolder, "ImagePath"))
            .Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
            {
                Network = Networks.ResNet20,
                Pruning = new() { Target = PruningTarget.Channels(0.5) },
                Training = new() { Epochs = 30 },
                Observers = [IRunObserver.Of(happened => Console.WriteLine(happened.Text))],    // prints the progress
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(data);
        ml.Model.Save(model, data.Schema, "model.zip");    // an ordinary ML.NET model
    }

    /// <summary>The README writes to where it runs.</summary>
    private static void Within(TemporaryFolder folder, Action action)
    {
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder.Path);
        try
        {
            action();
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }

    private static void Tell(TransformerChain<PruningAwareTrainingTransformer> model)
    {
        var transformer = model.OfType<PruningAwareTrainingTransformer>().Single();
        Console.WriteLine(transformer.Report.PruneReason);
        transformer.Report.WriteJson("report.json");
        HtmlReport.Write(transformer.Report, "report.html");
    }

    private sealed class FileRow
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
