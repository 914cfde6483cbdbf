namespace Microsoft.ML.PaT.Tests.Hosts;

public sealed class CacheFolderTests
{
    private readonly Dictionary<string, string?> _before =
        new[] { "HOME", "XDG_CACHE_HOME" }.ToDictionary(n => n, Environment.GetEnvironmentVariable);

    [TearDown]
    public void Restore()
    {
        foreach (var (name, value) in _before) Environment.SetEnvironmentVariable(name, value);
    }

    [TestCase("/nonexistent", null)]
    [TestCase("/proc", null)]
    [TestCase("/nonexistent", "relative")]
    [TestCase("/nonexistent", "/proc/none")]
    [Platform("Linux")]
    public void Without_a_home_that_can_be_written_the_cache_is_temporary(string home, string? cache)
    {
        Environment.SetEnvironmentVariable("HOME", home);
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", cache);
        Assert.That(UserCache.Folder, Does.StartWith(Path.GetTempPath()));
        Assert.That(UserCache.Remark, Does.Contain(UserCache.Folder));
    }

    [Test]
    [Platform("Linux")]
    public void The_cache_is_below_the_folder_that_the_user_names()
    {
        using var folder = new TemporaryFolder();
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", folder.Name);
        Assert.That(UserCache.Folder, Is.EqualTo(Path.Combine(folder.Name, "microsoft-ml-pat")));
        Assert.That(UserCache.Remark, Is.Null);
        Assert.That(Directory.GetFiles(UserCache.Folder), Is.Empty);
    }
}
