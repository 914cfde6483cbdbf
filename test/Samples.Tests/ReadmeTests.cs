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
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder.Path);
        try
        {
            Train(data, imageFolder);
            using var loaded = (Data.TransformerChain<ITransformer>)new MLContext().Model.Load("model.zip", out _);
            Assert.That(loaded.GetOutputSchema(data.Schema)["PredictedLabel"].Type, Is.EqualTo(Data.TextDataViewType.Instance));
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }

    [Test]
    public void The_readme_shows_the_code_that_is_tested()
    {
        var source = Squeezed(File.ReadAllText(ThisFile()));
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../README.md"));
        var code = readme.Split("```")[1]["csharp".Length..];
        Assert.That(source, Does.Contain(Squeezed(code)));
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

    private static string Squeezed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
