using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A separate process that runs <see cref="ChildProgram"/>.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts the process and waits until it is about to train.</summary>
    /// <param name="folder">Folder of checkpoints.</param>
    /// <param name="environment">Additional environment variables.</param>
    public Child(string folder, params (string Name, string Value)[] environment)
        : this(folder, everything: false, environment) { }

    public Child(string folder, bool everything, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(
            ChildProgram.Host, ["exec", typeof(Child).Assembly.Location, folder, $"{everything}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        Id = _process.Id;
        Assert.That(_process.StandardOutput.ReadLine(), Is.EqualTo("go"));
    }

    public int Id { get; }

    /// <summary>Time from <c>go</c> to the weights.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Waits for the end of the process.</summary>
    /// <returns>The final weights; null if the process was killed.</returns>
    public string? Weights()
    {
        var clock = Stopwatch.StartNew();
        var weights = _process.StandardOutput.ReadLine();
        Took = clock.Elapsed;
        var error = _process.StandardError.ReadToEnd();
        _process.WaitForExit();
        Assert.That(error, Is.Empty);
        return weights;
    }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
