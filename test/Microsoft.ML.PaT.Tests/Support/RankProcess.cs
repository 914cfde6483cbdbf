using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A rank in a process of its own, to be killed, stopped, slowed down or cut off.</summary>
internal sealed class RankProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly Task<string> _output;
    private readonly TaskCompletionSource _training = new();

    /// <summary>Starts it.</summary>
    /// <param name="rank">Its number.</param>
    /// <param name="size">How many there are.</param>
    /// <param name="port">Where they meet.</param>
    /// <param name="folder">Folder for checkpoints of rank 0.</param>
    /// <param name="seconds">The group's timeout.</param>
    /// <param name="epochs">How long to train.</param>
    /// <param name="master">Where rank 0 is.</param>
    /// <param name="prefix">What to run it with, such as a network namespace.</param>
    public RankProcess(int rank, int size, int port, string folder, double seconds, int epochs, string master = "127.0.0.1", params string[] prefix)
    {
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        string[] command = [.. prefix, host, "exec", typeof(RankProcess).Assembly.Location, "rank", folder, .. new double[] { rank, size, port, seconds, epochs }.Select(n => n.ToString(CultureInfo.InvariantCulture)), master];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _error = _process.StandardError.ReadToEndAsync();
        _output = Task.Run(() =>
        {
            while (_process.StandardOutput.ReadLine() is { } line)
            {
                if (line != "trains") return line;
                _training.TrySetResult();
            }
            return "";
        });
    }

    public int Id => _process.Id;

    /// <summary>Waits until it trains.</summary>
    public void AwaitTraining()
    {
        if (!_training.Task.Wait(TimeSpan.FromSeconds(90))) Assert.Fail($"a rank does not begin: {(_error.IsCompleted ? _error.Result : "")}");
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>What it ended with: its weights, or <c>error: </c> and the message.</returns>
    public string End(TimeSpan within)
    {
        if (!_process.WaitForExit(within)) Assert.Fail($"process {Id} hangs for more than {within.TotalSeconds} s");
        return _output.Result.Length > 0 ? _output.Result : _error.Result;
    }

    public void Kill() => _process.Kill();

    /// <summary>Sends a signal.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Lets it run for ten milliseconds of every hundred from now on.</summary>
    public void SlowDownTenfold() => Task.Run(() =>
    {
        while (!_process.HasExited)
        {
            Signal("STOP");
            Thread.Sleep(90);
            Signal("CONT");
            Thread.Sleep(10);
        }
    });

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    /// <summary>What the process does.</summary>
    /// <param name="arguments">As the constructor gives them.</param>
    public static void Main(string[] arguments)
    {
        var numbers = arguments[2..7].Select(a => double.Parse(a, CultureInfo.InvariantCulture)).ToArray();
        var options = RankThreads.Of((int)numbers[0], (int)numbers[1], (int)numbers[2], numbers[3]) with { MasterAddress = arguments[7] };
        try
        {
            using var group = ProcessGroup.Join(options, torch.CPU);
            try
            {
                var run = new RankRun(
                    TinyRun.Options with
                    {
                        Training = TinyRun.Options.Training with { Epochs = (int)numbers[4], Distributed = options },
                        Checkpoints = new() { Folder = arguments[1], Resume = true, Interval = TimeSpan.FromMilliseconds(50) },
                    },
                    group, pictures: 96, held: 30, progress: p =>
                    {
                        if (p.EpochEnded) Console.WriteLine("trains");
                    });
                Console.WriteLine(run.Hash);
            }
            catch (Exception e)
            {
                group?.Fail(e);
                throw;
            }
        }
        catch (PaTException e)
        {
            Console.WriteLine($"error: {e.Message}");
        }
    }
}
