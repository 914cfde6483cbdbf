
namespace PaT.Cli.Tests;

public sealed class ShapeImagesTests
{
    [Test]
    public void The_same_set_every_time_with_all_classes_alike()
    {
        var first = ShapeImages.Draw(CancellationToken.None, train: 100, test: 50);
        var second = ShapeImages.Draw(CancellationToken.None, train: 100, test: 50);
        Assert.That(second.Train.Select(p => p.Read()), Is.EqualTo(first.Train.Select(p => p.Read())));
        Assert.That(first.Train.CountBy(p => p.Label).Select(c => c.Value), Is.All.EqualTo(10));
        Assert.That(first.Test.CountBy(p => p.Label).Select(c => c.Value), Is.All.EqualTo(5));
        Assert.That(first.Classes, Is.EqualTo(Shapes.All.Select(s => s.Name)));
    }

    [Test]
    public void Pixels_are_those_of_the_first_machine()
    {
        // Drawn once and noted: another runtime or processor must give the same set, but for the last bit of a sine
        // that tips a rounding.
        var sum = Enumerable.Range(0, 20).Sum(i => ShapeImages.Render(i, i % 10).Sum(v => (long)v));
        Assert.That(sum, Is.EqualTo(8_334_738).Within(20));
    }

    [Test]
    public void No_two_images_are_alike() =>
        Assert.That(Enumerable.Range(0, 200).Select(i => Convert.ToHexString(ShapeImages.Render(i, 3))), Is.Unique);

    [Test]
    public void Shapes_lie_within_the_unit_circle_and_differ()
    {
        const int Steps = 100;
        var grid =
            from x in Enumerable.Range(-Steps, (2 * Steps) + 1)
            from y in Enumerable.Range(-Steps, (2 * Steps) + 1)
            select (X: 1.2 * x / Steps, Y: 1.2 * y / Steps);
        var masks = Shapes.All.Select(shape => grid.Select(p => shape.Distance(p.X, p.Y) < 0).ToArray()).ToList();
        foreach (var (shape, mask) in Shapes.All.Zip(masks))
        {
            Assert.That(mask.Count(inside => inside), Is.InRange(0.1 * mask.Length, 0.6 * mask.Length), shape.Name);
            Assert.That(
                grid.Zip(mask)
                    .Where(p => p.Second)
                    .Max(p => Math.Sqrt((p.First.X * p.First.X) + (p.First.Y * p.First.Y))),
                Is.LessThan(1.15),
                shape.Name);
        }

        for (var i = 0; i < masks.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Assert.That(
                    masks[i].Zip(masks[j]).Count(p => p.First != p.Second),
                    Is.GreaterThan(0.02 * masks[i].Length),
                    $"{Shapes.All[i].Name} and {Shapes.All[j].Name}");
            }
        }
    }
}
