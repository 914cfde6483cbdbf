using PaT.Studies;

namespace PaT.Cli.Tests;

public sealed class CellCommandTests
{
    [Test]
    public void Files_of_other_cells_are_found_in_the_workspace()
    {
        var cell = new Cell("0123", new Dictionary<string, string> { ["--weights"] = "@cells/abc/model.pat", ["--no-value"] = "" });
        var folder = Path.Combine(Path.GetTempPath(), "ws", "cells", cell.Id);
        Assert.That(
            CellCommand.CommandLine(cell.Arguments, "images", folder),
            Is.EqualTo(new[]
            {
                "train", "--data", "images", "--out", folder, "--resume", "--no-value",
                "--weights", Path.Combine(Path.GetTempPath(), "ws", "cells", "abc", "model.pat"),
            }));
    }
}
