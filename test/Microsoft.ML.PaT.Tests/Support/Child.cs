using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A process of its own with <see cref="ChildProgram"/>.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it, and waits until it is about to train.</summary>
    /// <param name="folder">Its folder for checkpoints.</param>
    /// <param name="environment">Variables for it.</param>
    public Child(string folder, params (string Name, string Value)[] environment) : this(folder, everything: false, environment)
    {
    }

    /// <summary>Starts it with a run that keeps all that a run can keep, or with the usual one.</summary>
    public Child(string folder, bool everything, params (string Name, string Value)[] environment)
    {
        // The host of the tests is dotnet itself, or was started by one.
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(Child).Assembly.Location, folder, $"{everything}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        Id = _process.Id;
        Assert.That(_process.StandardOutput.ReadLine(), Is.EqualTo("go"));
    }

    public int Id { get; }

    /// <summary>From <c>go</c> to the weights.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Waits for its end.</summary>
    /// <returns>The weights it ended with; null when it was killed.</returns>
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

    /// <summary>Ends it as kill -9 does.</summary>
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
