using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// kill -9 at any moment, also while pruning: the resumed run ends with the weights of an uninterrupted run.
/// </summary>
public class KillTests
{
    private readonly Dictionary<bool, string> _undisturbed = [];

    [OneTimeSetUp]
    public void Run_undisturbed()
    {
        foreach (var everything in new[] { false, true })
        {
            using var run = new TinyRun(everything ? TinyRun.Everything : TinyRun.Options);
            _undisturbed[everything] = run.Weights;
        }
    }

    [TestCase(10, false)]
    [TestCase(4, true)]
    [TestCase(100, false, Category = "Long")]
    [TestCase(50, true, Category = "Long")]
    public void Killed_at_moments_drawn_uniformly_over_the_run(int kills, bool everything)
    {
        var random = new Random(kills);
        var length = TimeOfARun(everything);
        var killed = 0;
        for (var i = 0; i < kills; i++)
        {
            using var folder = new TemporaryFolder();
            using (var child = new Child(folder.Name, everything))
            {
                Thread.Sleep(length * random.NextDouble());
                child.Kill();
            }
            if (folder.Checkpoints.LastOrDefault() is { } last
                && last != CheckpointOptions.PathAfter(folder.Name, everything ? 4 : 3))
            {
                killed++;
            }
            GoOn(folder, $"kill {i}", everything);
        }
        TestContext.Out.WriteLine($"{killed} of {kills} were killed between their first checkpoint and their last");
        Assert.That(killed, Is.Positive);
    }

    [TestCase(10)]
    [TestCase(100, Category = "Long")]
    public void Killed_at_writes_and_renames(int kills)
    {
        using var tools = new TemporaryFolder();
        var shim = Shim(tools);
        var random = new Random(kills);
        var operations = Operations(shim, tools);
        for (var i = 0; i < kills; i++)
        {
            // A checkpoint has many writes and a few other operations: half of the kills for each kind.
            var (kind, count) = i % 2 == 0 ? ("WRITE", operations[0]) : ("OTHER", operations[1]);
            var at = 1 + random.Next(count);
            using var folder = new TemporaryFolder();
            using (
                var child = new Child(
                    folder.Name,
                    ("LD_PRELOAD", shim), ("PAT_KILL_BELOW", folder.Name),
                    ($"PAT_KILL_AT_{kind}", $"{at}")))
            {
                // How many checkpoints there are depends on the clock, so the last operations may not come.
                if (child.Weights() is not null) Assert.That(at, Is.GreaterThan(count / 2), "killed before its end");
            }
            GoOn(folder, $"{kind} {at} of {count}");
        }
    }

    [Test]
    public void A_folder_in_use_is_refused_and_free_as_soon_as_its_process_is_killed()
    {
        using var folder = new TemporaryFolder();
        using var child = new Child(folder.Name);
        while (folder.Checkpoints.Length == 0) Thread.Sleep(1);
        var refusal = Assert.Catch(() => new TinyRun(ChildProgram.Options(folder.Name)).Dispose());
        Assume.That(refusal, Is.Not.Null, "the other run ended too soon");
        Assert.That(
            refusal,
            Is.TypeOf<InvalidFileException>()
                .With.Message.Contains($"process {child.Id}")
                .And.Message.Contains(folder.Name));
        child.Kill();
        GoOn(folder, "after the kill");
    }

    private void GoOn(TemporaryFolder folder, string message, bool everything = false)
    {
        using var resumed = new TinyRun(ChildProgram.Options(folder.Name, everything));
        Assert.That(resumed.Weights, Is.EqualTo(_undisturbed[everything]), message);
        Assert.That(resumed.Warnings, Is.Empty, message);
    }

    private TimeSpan TimeOfARun(bool everything)
    {
        using var folder = new TemporaryFolder();
        using var child = new Child(folder.Name, everything);
        Assert.That(child.Weights(), Is.EqualTo(_undisturbed[everything]), "a run in a process of its own");
        return child.Took;
    }

    /// <summary>Writes, and other operations, of a whole run.</summary>
    private static int[] Operations(string shim, TemporaryFolder tools)
    {
        var counts = Path.Combine(tools.Name, "counts");
        using var folder = new TemporaryFolder();
        using (
            var child = new Child(
                folder.Name, ("LD_PRELOAD", shim), ("PAT_KILL_BELOW", folder.Name), ("PAT_KILL_COUNT", counts)))
            child.Weights();
        return [.. File.ReadAllText(counts).Split(' ').Select(int.Parse)];
    }

    private static string Shim(TemporaryFolder folder)
    {
        Assume.That(
            OperatingSystem.IsLinux()
                && (Environment.GetEnvironmentVariable("PATH") ?? "")
                    .Split(':')
                    .Any(p => File.Exists(Path.Combine(p, "cc"))),
            Is.True,
            "needs Linux and a C compiler");
        var shim = Path.Combine(folder.Name, "kill-at.so");
        var source = Path.Combine(TestContext.CurrentContext.TestDirectory, "Support", "kill-at.c");
        using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", shim, source, "-ldl"]);
        compiler.WaitForExit();
        Assert.That(compiler.ExitCode, Is.Zero);
        return shim;
    }
}
