using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;
using SkiaSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>The network and the size where the recipe says nothing, one of the two, or both.</summary>
public class FittingNetworkTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestCase(28, 28, "resnet20-cifar", 28, 28)]
    [TestCase(32, 32, "resnet20-cifar", 32, 32)]
    [TestCase(64, 48, "resnet20-cifar", 64, 48)]
    [TestCase(64, 65, "resnet18", 224, 224)]
    [TestCase(300, 400, "resnet18", 224, 224)]
    public void Images_decide_where_nothing_is_given(int height, int width, string network, int rows, int columns)
    {
        var fitting = Of(null, new(), (height, width));
        Assert.That((fitting.Network.Name, fitting.Shape), Is.EqualTo((network, new ImageShape(3, rows, columns))));
        Assert.That(
            fitting.Choice,
            Is.EqualTo($"No network is given, and the images have {height}x{width} pixels: {network} is trained on "
                + $"{rows}x{columns} pixels."));
    }

    [Test]
    public void One_large_image_makes_photographs_and_small_ones_take_their_median()
    {
        var mixed = Of(null, new(), (20, 20), (30, 40), (500, 20));
        Assert.That((mixed.Network.Name, mixed.Shape.Height), Is.EqualTo(("resnet18", 224)));
        Assert.That(mixed.Choice, Does.Contain("up to 500x40 pixels"));
        Assert.That(Of(null, new(), (20, 20), (30, 40), (60, 24)).Shape, Is.EqualTo(new ImageShape(3, 30, 24)));
    }

    [TestCase(48, "resnet20-cifar")]
    [TestCase(160, "resnet18")]
    public void A_given_size_decides_for_the_network(int side, string network)
    {
        var fitting = Of(null, new() { Height = side, Width = side }, (300, 300));
        Assert.That((fitting.Network.Name, fitting.Shape), Is.EqualTo((network, new ImageShape(3, side, side))));
        Assert.That(fitting.Choice, Does.Contain($"{network} is trained on {side}x{side} pixels"));
    }

    [Test]
    public void One_given_side_leaves_the_other_to_the_images()
    {
        Assert.That(Of(null, new() { Height = 40 }, (28, 28)).Shape, Is.EqualTo(new ImageShape(3, 40, 28)));
        Assert.That(Of(null, new() { Width = 320 }, (28, 28)).Network.Name, Is.EqualTo("resnet18"));
    }

    [Test]
    public void A_given_network_takes_its_standard_size_or_the_given_one()
    {
        var network = Networks.ByName("mobilenet_v2");
        Assert.That(Of(network, new(), (28, 28)), Is.EqualTo(new FittingNetwork(network, new(3, 224, 224), null)));
        Assert.That(
            Of(network, new() { Height = 96, Width = 128 }, (28, 28)),
            Is.EqualTo(new FittingNetwork(network, new(3, 96, 128), null)));
    }

    [Test]
    public void Unreadable_images_have_no_say()
    {
        IEnumerable<TinyRows.EncodedRow> rows =
        [
            new() { Label = "a", Image = [1, 2, 3] }, new() { Label = "b", Image = [] },
            new() { Label = "a", Image = Png(200, 100) },
        ];
        var data = _ml.Data.LoadFromEnumerable(rows);
        Assert.That(FittingNetwork.Of(null, Options(new()), data).Network.Name, Is.EqualTo("resnet18"));
        var none = _ml.Data.LoadFromEnumerable(rows.Take(2));
        Assert.That(FittingNetwork.Of(null, Options(new()), none).Shape, Is.EqualTo(new ImageShape(3, 32, 32)));
    }

    [TestCase(784, 28)]
    [TestCase(3 * 40 * 40, 40)]
    public void Vectors_of_pixels_are_squares_unless_they_have_dimensions(int values, int side)
    {
        var definition = SchemaDefinition.Create(typeof(Pixels));
        definition[nameof(Pixels.Image)].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, values);
        var data = _ml.Data.LoadFromEnumerable([new Pixels { Image = new byte[values] }], definition);
        Assert.That(FittingNetwork.Of(null, Options(new()), data).Shape, Is.EqualTo(new ImageShape(3, side, side)));
        definition[nameof(Pixels.Image)].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, 1, 2, values / 2);
        data = _ml.Data.LoadFromEnumerable([new Pixels { Image = new byte[values] }], definition);
        Assert.That(
            FittingNetwork.Of(null, Options(new()), data).Network.Name, Is.EqualTo("resnet18"), "2 rows, but wide");
    }

    [Test]
    public void A_pipeline_without_a_network_says_what_it_chose_and_reports_it()
    {
        var messages = new List<string>();
        var options = TinyRows.Options with
        {
            Network = null, Images = new(), Training = TinyRows.Options.Training with { Epochs = 1 },
            Observers = [IRunObserver.Of(happened => messages.Add(happened.Text))],
        };
        var data = _ml.Data.LoadFromEnumerable(TinyRows.Images(24));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.PaT().ImageClassification(options));
        using var model = pipeline.Fit(data);
        var (size, fitted) = (TinyRows.Size, model.LastTransformer);
        Assert.That(fitted.Model.Input, Is.EqualTo(new ImageShape(3, size, size)));
        Assert.That(messages, Has.One.Contains($"resnet20-cifar is trained on {size}x{size} pixels"));
        Assert.That(fitted.Report.Network, Is.EqualTo("resnet20-cifar"));
        var recipe = TrainingRecipe.FromJson(fitted.Report.Recipe);
        Assert.That(
            (recipe.Network, recipe.Images.Height, recipe.Images.Width),
            Is.EqualTo((Networks.ResNet20, size, size)));
    }

    [Test]
    public void Images_of_a_folder_come_at_the_size_that_fits_and_are_trained_on()
    {
        using var folder = new TemporaryFolder();
        foreach (var label in "ab")
        {
            Directory.CreateDirectory(Path.Combine(folder.Name, $"{label}"));
            foreach (var i in "12") File.WriteAllBytes(Path.Combine(folder.Name, $"{label}", $"{i}.png"), Png(20, 24));
        }
        using var images = ImageDataset.FromFolder(folder.Name);
        Assert.That(images.Shape, Is.EqualTo(new ImageShape(3, 20, 24)));
        var messages = new List<string>();
        using var trained = PruningTrainer.Train(images, new()
        {
            Training = new() { Epochs = 1, BatchSize = 2, ValidationFraction = 0 },
            Pruning = new() { Policy = PruningPolicy.Never },
            Observers = [IRunObserver.Of(happened => messages.Add(happened.Text))],
        });
        Assert.That(trained.Report.Network, Is.EqualTo("resnet20-cifar"));
        Assert.That(messages, Has.One.Contains("resnet20-cifar is trained on 20x24 pixels"));
        File.WriteAllBytes(Path.Combine(folder.Name, "a", "3.png"), Png(120, 90));
        using var photographs = ImageDataset.FromFolder(folder.Name);
        Assert.That(photographs.Shape, Is.EqualTo(new ImageShape(3, 224, 224)));
    }

    [Test]
    public void Presets_keep_their_networks()
    {
        Assert.That(RecipePresets.Cifar.Network, Is.SameAs(Networks.ResNet20));
        Assert.That(RecipePresets.Photos.Network!.Name, Is.EqualTo("resnet18"));
        Assert.That(new TrainingRecipe().ToJson(), Does.Not.Contain("network"));
    }

    private FittingNetwork Of(NetworkArchitecture? network, ImageOptions images, params (int H, int W)[] sizes)
    {
        var rows = sizes.Select(s => new TinyRows.EncodedRow { Label = "a", Image = Png(s.H, s.W) });
        return FittingNetwork.Of(network, Options(images), _ml.Data.LoadFromEnumerable(rows));
    }

    private static ImageDataOptions Options(ImageOptions images) => new()
    {
        ImageColumn = "Image", LabelColumn = "Label", Images = images, MaxUnreadableFraction = 0,
    };

    private static byte[] Png(int height, int width) => SampleImages.Skia(SKEncodedImageFormat.Png, height, width);

    private sealed class Pixels
    {
        public string Label { get; set; } = "";

        public byte[] Image { get; set; } = [];
    }
}
