using System.Runtime.CompilerServices;

namespace Microsoft.ML.PaT.Samples.Tests;

/// <summary>The code of the README compiles and runs: it stands here, and the README must say the same.</summary>
public sealed class ReadmeTests
{
    private const int Classes = 2;

    [Test]
    public void The_first_code_of_the_readme_trains_and_saves()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in Drawings.ClassFolders("pictures/", Classes, each: 8))
        {
            folder.Write(name, content);
        }

        var imageFolder = folder.File("pictures");
        var data = new MLContext().Data.LoadFromEnumerable(
            from shape in Shapes.All.Take(Classes)
            from i in Enumerable.Range(0, 8)
            select new Row { ImagePath = $"{shape.Name}/{i:000}.bmp", Label = shape.Name });
        Within(folder, () => Train(data, imageFolder));
        using var loaded = (Data.TransformerChain<ITransformer>)new MLContext().Model.Load(folder.File("model.zip"), out _);
        Assert.That(loaded.GetOutputSchema(data.Schema)["PredictedLabel"].Type, Is.EqualTo(Data.TextDataViewType.Instance));
    }

    [Test]
    public void The_readme_shows_the_code_that_is_tested()
    {
        var source = Squeezed(File.ReadAllText(ThisFile()));
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../README.md"));
        var blocks = readme.Split("```csharp")[1..].Select(after => after.Split("```")[0]).ToList();
        Assert.That(blocks, Has.Count.EqualTo(3));
        Assert.That(blocks.ConvertAll(Squeezed), Has.All.Matches<string>(block => source.Contains(block!, StringComparison.Ordinal)));
    }

    [Test]
    public void The_network_of_the_readme_is_trained_and_pruned_like_any_other()
    {
        var pictures = ShapePictures.Draw(CancellationToken.None);
        var split = PictureSplit.Of(pictures, images: 64, seed: 1) with { Test = [.. pictures.Test.Take(50)] };
        var ml = new MLContext(seed: 1);
        var data = PictureRows.View(ml, pictures.Encoded, split.Train);
        using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
        {
            Network = OwnNetwork(),
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1), Target = PruningTarget.Channels(0.5) },
            Training = new() { Epochs = 2, BatchSize = 16, Threads = 1 },
        })).Fit(data);
        using var folder = new TemporaryFolder();
        Within(folder, () => Tell(model));
        var report = RunReport.ReadJson(folder.File("report.json"));
        Assert.That(report.Network, Is.EqualTo("mine"));
        Assert.That(report.Compact!.Parameters, Is.LessThan(0.6 * report.Dense.Parameters));
    }

    private static void Train(IDataView data, string imageFolder)
    {
        var ml = new MLContext(seed: 1);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", imageFolder, "ImagePath"))
            .Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
            {
                Network = Networks.ResNet20,
                Pruning = new() { Target = PruningTarget.Channels(0.5) },
                Training = new() { Epochs = 30 },
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ml.Model.Save(pipeline.Fit(data), data.Schema, "model.zip");    // an ordinary ML.NET model
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

    private static NetworkArchitecture OwnNetwork()
    {
        var mine = new NetworkArchitecture("mine", new(3, 32, 32), (input, classes) =>
        {
            var net = new NetworkBuilder("mine", input);
            var x = net.Relu("relu1", net.BatchNorm("bn1", net.Convolution("conv1", NetworkDefinition.InputName, channels: 32, kernel: 3)));
            x = net.Residual("block", x, y => net.BatchNorm("block.bn", net.Convolution("block.conv", y, channels: 32, kernel: 3)));
            x = net.Branches("mix", net.MaxPool("pool", net.Relu("relu2", x), kernel: 2, stride: 2),
                y => net.Convolution("mix.narrow", y, channels: 16, kernel: 1),
                y => net.Convolution("mix.wide", y, channels: 48, kernel: 3));
            net.Linear("classifier", net.GlobalAveragePool("mean", net.Relu("relu3", x)), classes);
            return net.Build();
        });
        return mine;
    }

    private static void Tell(Data.TransformerChain<PruningAwareTrainingTransformer> model)
    {
        var transformer = model.OfType<PruningAwareTrainingTransformer>().Single();
        Console.WriteLine(transformer.Report.PruneReason);
        transformer.Report.WriteJson("report.json");
        HtmlReport.Write(transformer.Report, reference: null, "report.html");
    }

    private static string Squeezed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
