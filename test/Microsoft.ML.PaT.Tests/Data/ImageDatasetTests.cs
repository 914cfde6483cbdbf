using Microsoft.ML.PaT.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class ImageDatasetTests
{
    private static readonly string[] s_classes = ["a", "b", "c"];

    [Test]
    public void Built_images_come_back_in_order_across_chunks()
    {
        var shape = new ImageShape(3, 1024, 1024); // five images a chunk
        using var builder = new ImageDatasetBuilder(shape);
        var image = new byte[shape.Size];
        for (var i = 0; i < 12; i++)
        {
            image[0] = (byte)i;
            image[^1] = (byte)(100 + i);
            builder.Add(image, i % 3);
        }
        using var store = builder.Build(s_classes);
        Assert.That(builder.Count, Is.Zero);
        Assert.That(store.Count, Is.EqualTo(12));
        Assert.That(store.Shape, Is.EqualTo(shape));
        Assert.That(store.LabelCounts, Is.EqualTo(new[] { 4, 4, 4 }));
        for (var i = 0; i < 12; i++)
        {
            using var row = store.Read(i, 1);
            Assert.That((row.bytes[0], row.bytes[^1]), Is.EqualTo(((byte)i, (byte)(100 + i))));
        }
        Assert.That(
            store.Labels.data<long>().ToArray(), Is.EqualTo(Enumerable.Range(0, 12).Select(i => (long)(i % 3))));
    }

    [Test]
    public void An_image_of_the_wrong_size_is_refused()
    {
        using var builder = new ImageDatasetBuilder(new(3, 2, 2));
        Assert.That(
            () => builder.Add(new byte[11], 0), Throws.ArgumentException.With.Message.Contains("12 bytes, not 11"));
    }

    [Test]
    public void A_class_that_is_given_twice_is_refused()
    {
        Assert.That(
            () => ImageDataset.FromPixels(new byte[6], [0, 1], new(3, 1, 1), ["a", "a"]),
            Throws.TypeOf<ArgumentException>().With.Message.Contains("'a' is given more than once"));
        Assert.That(
            () => ImageDataset.FromEncoded([([1], "a"), ([1], "b")], new(3, 8, 8), ["a", "b", "a"]),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("'a' is given more than once"));
    }

    [TestCase(3 * 32 * 32, 2)]
    [TestCase(3 * 224 * 224, 512)]
    [TestCase(3 * 4096 * 4096, 1)]
    [TestCase(3 * 4096 * 4096, 512)]
    public void A_block_of_images_fits_an_array_for_any_number_of_processors(int size, int processors) => Assert.That(
        (long)DataViewImageLoader.Slots(size, processors) * size, Is.InRange(size, Array.MaxLength));

    [Test]
    public void A_subset_has_the_images_asked_for_in_that_order()
    {
        using var store = Numbered([0, 1, 2, 0, 1]);
        using var subset = store.Subset([4, 0]);
        Assert.That(Numbers(subset), Is.EqualTo(new[] { 4, 0 }));
        using var part = subset.Subset([1]);
        Assert.That(Numbers(part), Is.EqualTo(new[] { 0 }), "of a subset");
        Assert.That(subset.LabelCounts, Is.EqualTo(new[] { 1, 1, 0 }));
    }

    [Test]
    public void A_split_is_balanced_by_class_complete_and_without_overlap()
    {
        using var store = Numbered([.. Enumerable.Range(0, 100).Select(i => i < 50 ? 0L : i < 80 ? 1 : 2)]);
        var (training, validation) = store.Split(0.1, seed: 3);
        using (training)
        using (validation)
        {
            Assert.That(validation.LabelCounts, Is.EqualTo(new[] { 5, 3, 2 }));
            Assert.That(training.LabelCounts, Is.EqualTo(new[] { 45, 27, 18 }));
            Assert.That(Numbers(training).Concat(Numbers(validation)).Order(), Is.EqualTo(Enumerable.Range(0, 100)));
        }
    }

    [Test]
    public void A_split_depends_on_the_seed_and_on_nothing_else()
    {
        using var store = Numbered([.. Enumerable.Range(0, 60).Select(i => (long)(i % 3))]);
        Assert.That(Held(1), Is.EqualTo(Held(1)));
        Assert.That(Held(1), Is.Not.EqualTo(Held(2)));

        int[] Held(int seed)
        {
            var (training, validation) = store.Split(0.2, seed);
            using (training)
            using (validation) return Numbers(validation);
        }
    }

    [Test]
    public void A_class_keeps_its_last_training_image_and_an_empty_class_does_no_harm()
    {
        using var store = Numbered([0, 0, 0, 0, 1]);
        var (training, validation) = store.Split(0.5, seed: 1);
        using (training)
        using (validation)
        {
            Assert.That(
                (training.LabelCounts, validation.LabelCounts), Is.EqualTo((new[] { 2, 1, 0 }, new[] { 2, 0, 0 })));
        }
    }

    [Test]
    public void Folds_hold_every_image_out_once_and_share_the_classes_evenly([Values(2, 3, 5)] int folds)
    {
        using var store = Numbered([.. Enumerable.Range(0, 23).Select(i => i < 12 ? 0L : i < 18 ? 1 : 2)]);
        var held = new List<int>();
        for (var fold = 0; fold < folds; fold++)
        {
            var (training, validation) = store.Fold(folds, fold, seed: 4);
            using (training)
            using (validation)
            {
                Assert.That(Numbers(training).Concat(Numbers(validation)).Order(), Is.EqualTo(Enumerable.Range(0, 23)));
                Assert.That(Numbers(training), Is.Ordered);
                Assert.That(validation.Count, Is.EqualTo(23.0 / folds).Within(0.99));
                for (var c = 0; c < 3; c++)
                {
                    Assert.That(
                        validation.LabelCounts[c], Is.EqualTo((double)store.LabelCounts[c] / folds).Within(0.99));
                }
                held.AddRange(Numbers(validation));
            }
        }
        Assert.That(held.Order(), Is.EqualTo(Enumerable.Range(0, 23)));
    }

    [Test]
    public void Normalization_is_mean_and_deviation_over_all_pixels_of_a_channel()
    {
        byte[] red = [0, 255, 0, 255], green = [10, 20, 30, 40], blue = [7, 7, 7, 7];
        byte[] pixels = [.. red[..2], .. green[..2], .. blue[..2], .. red[2..], .. green[2..], .. blue[2..]];
        using var store = new ImageDataset(tensor(pixels).reshape(2, 3, 1, 2), tensor(new long[] { 0, 1 }), s_classes);
        var normalization = PixelStatistics.Of(store);
        Assert.That(normalization.Mean, Is.EqualTo(new[] { 0.5f, 25f / 255, 7f / 255 }).Within(1e-6));
        Assert.That(
            normalization.StandardDeviation, Is.EqualTo(new[] { 0.5f, MathF.Sqrt(125) / 255, 1f / 255 }).Within(1e-6));
    }

    private static ImageDataset Numbered(long[] labels) =>
        new(
            tensor(labels.SelectMany((_, i) => new[] { (byte)i, (byte)0, (byte)0 }).ToArray())
                .reshape(labels.Length, 3, 1, 1),
            tensor(labels),
            s_classes);

    private static int[] Numbers(ImageDataset store)
    {
        using var pixels = store.Read(0, store.Count);
        return [.. pixels.bytes.ToArray().Where((_, i) => i % 3 == 0).Select(b => (int)b)];
    }
}
