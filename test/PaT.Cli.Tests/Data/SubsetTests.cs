namespace PaT.Cli.Tests;

public sealed class SubsetTests
{
    [TestCase(10)]
    [TestCase(37)]
    [TestCase(100)]
    public void Classes_differ_by_one_image_at_most(int count)
    {
        var chosen = Subset.Balanced(Images(40, 30, 50), count, seed: 1);
        var sizes = chosen.CountBy(p => p.Label).Select(c => c.Value).ToList();
        Assert.That(chosen, Has.Count.EqualTo(count));
        Assert.That(count > 90 || sizes.Max() - sizes.Min() <= 1, Is.True);
    }

    [Test]
    public void A_small_class_is_used_up_and_the_others_fill_in()
    {
        var chosen = Subset.Balanced(Images(3, 50, 50), 43, seed: 1);
        Assert.That(chosen.CountBy(p => p.Label).Select(c => c.Value), Is.EqualTo(new[] { 3, 20, 20 }));
    }

    [Test]
    public void The_seed_decides()
    {
        var images = Images(50, 50);
        Assert.That(Subset.Balanced(images, 20, seed: 1), Is.EqualTo(Subset.Balanced(images, 20, seed: 1)));
        Assert.That(Subset.Balanced(images, 20, seed: 2), Is.Not.EqualTo(Subset.Balanced(images, 20, seed: 1)));
    }

    [Test]
    public void A_fraction_leaves_something_of_every_class_on_both_sides()
    {
        var images = Images(2, 20, 100);
        var chosen = Subset.Stratified(images, 0.05, seed: 1);
        Assert.That(chosen.CountBy(p => p.Label).Select(c => c.Value), Is.EqualTo(new[] { 1, 1, 5 }));
        Assert.That(Subset.Without(images, chosen), Has.Count.EqualTo(images.Count - chosen.Count));
    }

    [TestCase(2000, 2000, 500)]
    [TestCase(8000, 8000, 2000)]
    [TestCase(9700, 9220, 480)]
    [TestCase(null, 9500, 500)]
    public void Validation_images_are_never_trained_on(int? images, int train, int validation)
    {
        var set = new LabeledImages(
            "x", "x", Encoded: false, Images([.. Enumerable.Repeat(1000, 10)]), Images(5, 5)).Checked();
        var split = DataSplit.Of(set, images, seed: 1);
        Assert.That((split.Train.Count, split.Validation.Count, split.Test.Count), Is.EqualTo((train, validation, 10)));
        Assert.That(split.Train.Intersect(split.Validation), Is.Empty);
        Assert.That(split.Validation.CountBy(p => p.Label).Count(), Is.EqualTo(10));
    }

    [Test]
    public void Fewer_images_than_classes_are_refused()
    {
        var set = new LabeledImages("x", "x", Encoded: false, Images(5, 5, 5), Images(5, 5));
        Assert.That(
            () => DataSplit.Of(set, 2, seed: 1),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("3 classes"));
    }

    private static List<Image> Images(params int[] sizes) =>
        [
            .. sizes.SelectMany(
                (size, label) =>
                    Enumerable.Range(0, size).Select(i => new Image($"{label}/{i}", $"class {label}", () => []))),
        ];
}
