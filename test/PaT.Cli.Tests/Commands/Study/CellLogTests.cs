namespace PaT.Cli.Tests;

public sealed class CellLogTests
{
    [Test]
    public void Lines_of_several_threads_are_whole_and_the_last_error_is_kept()
    {
        using var folder = new TemporaryFolder();
        using (var log = new CellLog(folder.File("log.txt")))
        {
            Parallel.For(0, 1000, i => log.Write($"line {i:000}"));
            log.Write("error: first");
            log.Write("error: out of memory");
            Assert.That(log.Error, Is.EqualTo("out of memory"));
        }
        var lines = File.ReadAllLines(folder.File("log.txt"));
        Assert.That(lines[..1000].Order(), Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"line {i:000}").Order()));
        Assert.That(lines[1000..], Is.EqualTo(new[] { "error: first", "error: out of memory" }));
    }

    [Test]
    public void A_full_disk_loses_lines_and_nothing_else()
    {
        Assume.That(File.Exists("/dev/full"), Is.True, "needs /dev/full");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("log.txt"), "/dev/full");
        var log = new CellLog(folder.File("log.txt"));
        foreach (var i in Enumerable.Range(0, 10_000)) log.Write($"line {i}");
        log.Write("error: No space left on device");
        Assert.That(log.Error, Is.EqualTo("No space left on device"));
        Assert.That(log.Dispose, Throws.Nothing);
    }
}
