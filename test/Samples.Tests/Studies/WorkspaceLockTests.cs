namespace Microsoft.ML.PaT.Samples.Tests;

public sealed class WorkspaceLockTests
{
    [Test]
    public void A_second_study_is_refused_and_told_who_works_there()
    {
        using var folder = new TemporaryFolder();
        using (WorkspaceLock.Take(folder.File("ws"), "process 7 (oracle)"))
        {
            Assert.That(() => WorkspaceLock.Take(folder.File("ws"), "process 8"), Throws.TypeOf<WorkspaceInUseException>().With.Message.Contains("process 7 (oracle)").And.Message.Contains("--out"));
        }

        using var again = WorkspaceLock.Take(folder.File("ws"), "process 8");
    }

    [Test]
    public void A_lock_file_that_nobody_holds_is_no_lock()
    {
        using var folder = new TemporaryFolder();
        folder.Write("ws/lock", "");
        folder.Write("ws/lock.owner", "a process that was killed");
        using var taken = WorkspaceLock.Take(folder.File("ws"), "process 8");
        Assert.That(File.ReadAllText(folder.File("ws/lock.owner")), Is.EqualTo("process 8"));
    }

    [Test]
    public void The_command_says_it_in_one_line()
    {
        using var folder = new TemporaryFolder();
        using var taken = WorkspaceLock.Take(folder.File("ws"), "process 7 (oracle)");
        var (exitCode, _, error) = Pat.Run("oracle", "--data", "shapes", "--out", folder.File("ws"));
        Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)));
        Assert.That(error[0], Does.StartWith("error: ").And.Contains("in use by process 7 (oracle)"));
    }
}
