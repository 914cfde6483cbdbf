namespace PaT.Studies.Tests;

public sealed class CellTests
{
    private static readonly Dictionary<string, string> Arguments = new() { ["--seed"] = "1", ["--policy"] = "epoch:3" };

    [Test]
    public void The_id_is_the_same_on_every_machine_and_in_every_version()
    {
        var cell = new Cell("0123", Arguments);
        Assert.That(cell.Canonical, Is.EqualTo("{\"arguments\":{\"--policy\":\"epoch:3\",\"--seed\":\"1\"},\"data\":\"0123\"}"));
        // The first 16 digits of: printf '%s' '{...}' | sha256sum
        Assert.That(cell.Id, Is.EqualTo("acb3bf5a2d9dcead"));
    }

    [Test]
    public void Order_and_factors_do_not_change_what_a_cell_is()
    {
        var other = new Cell("0123", new Dictionary<string, string> { ["--policy"] = "epoch:3", ["--seed"] = "1" }, ("method", "fixed epoch"), ("at", "3"));
        Assert.That(other, Is.EqualTo(new Cell("0123", Arguments)));
        Assert.That(other.Name, Is.EqualTo("fixed epoch, at 3"));
        Assert.That((other.Factor("at"), other.Factor("criterion")), Is.EqualTo(("3", "")));
    }

    [Test]
    public void Arguments_and_images_do()
    {
        var cell = new Cell("0123", Arguments);
        Assert.That(new Cell("0124", Arguments).Id, Is.Not.EqualTo(cell.Id));
        Assert.That(new Cell("0123", new Dictionary<string, string>(Arguments) { ["--seed"] = "2" }).Id, Is.Not.EqualTo(cell.Id));
        Assert.That(new Cell("0123", new Dictionary<string, string>(Arguments) { ["--nesterov"] = "" }).Id, Is.Not.EqualTo(cell.Id));
    }

    [Test]
    public void Files_of_other_cells_are_named_below_the_workspace()
    {
        var dense = new Cell("0123", Arguments);
        var cell = new Cell("0123", new Dictionary<string, string> { ["--weights"] = dense.File("model.pat"), ["--no-value"] = "" });
        Assert.That(cell.Needs, Is.EqualTo(new[] { dense.Id }));
    }
}
