using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.PaT;
using Microsoft.ML.TorchSharp;
using Microsoft.ML.Transforms.Image;
using TorchSharp;

[assembly: NonParallelizable]

namespace PaT.BothPackages.Tests;

/// <summary>An application that uses <c>Microsoft.ML.TorchSharp</c> and <c>Microsoft.ML.PaT</c>, with the TorchSharp
/// that ours asks for.</summary>
public class BothPackagesTests
{
    private const int Size = 8;
    private readonly MLContext _ml = new(seed: 1);

    private IEstimator<ITransformer> Ours => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.PaT().ImageClassification(new()
        {
            Network = Networks.ResNet20,
            Images = new() { Height = Size, Width = Size, RandomCropPadding = 0 },
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1) },
            Training = new() { Epochs = 2, BatchSize = 8 }, Threads = 1,
        }))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"));

    [Test]
    public void Both_use_the_same_TorchSharp()
    {
        var referenced = typeof(TorchSharpCatalog).Assembly.GetReferencedAssemblies()
            .Single(a => a.Name == "TorchSharp");
        Assert.That(typeof(torch).Assembly.GetName().Version, Is.EqualTo(new Version(0, 107, 0, 0))
            .And.GreaterThan(referenced.Version!));
    }

    [Test]
    public void Pipelines_of_both_hand_their_schemas_on()
    {
        var rows = ShapeOf(_ml.Data.LoadFromEnumerable(Rows(4)));
        var ours = Ours.GetOutputSchema(rows).ToDictionary(c => c.Name);
        Assert.That((ours["PredictedLabel"].IsKey, ours["Score"].Kind, ours["Predicted"].ItemType),
            Is.EqualTo((true, SchemaShape.Column.VectorKind.Vector, (DataViewType)TextDataViewType.Instance)));

        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").GetOutputSchema(rows);
        var texts = _ml.MulticlassClassification.Trainers.TextClassification(sentence1ColumnName: "Text")
            .GetOutputSchema(keyed).ToDictionary(c => c.Name);
        Assert.That((texts["PredictedLabel"].IsKey, texts["Score"].Kind),
            Is.EqualTo((true, SchemaShape.Column.VectorKind.Vector)));
    }

    [Test]
    public void Both_stand_in_one_pipeline()
    {
        var shape = ShapeOf(_ml.Data.LoadFromEnumerable(Rows(4)));
        var pipeline = Ours.Append(_ml.MulticlassClassification.Trainers.TextClassification(outputColumnName: "Topic",
            scoreColumnName: "TopicScore", sentence1ColumnName: "Text"));
        var columns = pipeline.GetOutputSchema(shape).Select(c => c.Name).ToArray();
        Assert.That(columns,
            Is.SupersetOf((string[])["Label", "PredictedLabel", "Score", "Predicted", "Topic", "TopicScore"]));
    }

    [Test]
    public void Ours_is_fitted_and_scores()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows(16));
        using var model = (IDisposable)Ours.Fit(data);
        var scored = ((ITransformer)model).Transform(data);
        Assert.That(scored.GetColumn<float[]>("Score").Select(s => s.Sum()), Is.All.EqualTo(1).Within(1e-5)
            .And.Exactly(16).Items);
        Assert.That(scored.GetColumn<string>("Predicted"), Is.All.AnyOf("left", "right"));
    }

    private static Row[] Rows(int count) => [.. Enumerable.Range(0, count).Select(i => new Row
    {
        Label = i % 2 == 0 ? "left" : "right", Text = "words", Image = Draw(i),
    })];

    /// <summary>An image that is bright on its left or on its right.</summary>
    private static MLImage Draw(int number)
    {
        var random = new Random(number);
        var pixels = new byte[4 * Size * Size];
        random.NextBytes(pixels);
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(i % 4 == 3 ? 255 : pixels[i] / 4
                + (i / 4 % Size < Size / 2 == (number % 2 == 0) ? 150 : 0));
        }
        return MLImage.CreateFromPixels(Size, Size, MLPixelFormat.Rgba32, pixels);
    }

    /// <summary>Only ML.NET makes shapes: that of the data comes from a chain that is being fitted.</summary>
    private SchemaShape ShapeOf(IDataView data)
    {
        var catcher = new Catcher(_ml);
        _ = _ml.Transforms.CopyColumns("Copy", "Label").Append(catcher).Fit(data);
        return new(catcher.Shape!.Where(c => c.Name != "Copy"));
    }

    private sealed class Catcher(MLContext ml) : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public ITransformer Fit(IDataView input) => ml.Transforms.CopyColumns("Again", "Copy").Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
    }

    private sealed class Row
    {
        public string Label { get; set; } = "";

        public string Text { get; set; } = "";

        [ImageType(Size, Size)]
        public MLImage Image { get; set; } = null!;
    }
}
