using System.Diagnostics;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Entry point of this assembly as a program: a tiny run with checkpoints, for tests that kill it; a rank under MPI; or
/// code that uses libtorch, for tests without the library.
/// </summary>
internal static class ChildProgram
{
    /// <summary>A run with a checkpoint after every step.</summary>
    public static PruningAwareTrainingOptions Options(string folder, bool everything = false) =>
        (everything ? TinyRun.Everything : TinyRun.Options) with
        {
            Checkpoints = new() { Folder = folder, Interval = TimeSpan.FromMilliseconds(1), Resume = true },
        };

    /// <summary>The program that runs this assembly: the test host is dotnet itself, or was started by it.</summary>
    public static string Host =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    /// <summary>Runs a kind of work to its end in a process with one more environment variable.</summary>
    public static (string Output, string Error, int Code) Run(string work, string variable, string value)
    {
        var start = new ProcessStartInfo(Host, ["exec", typeof(ChildProgram).Assembly.Location, work])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return (output, error.Result, process.ExitCode);
    }

    /// <summary>Prints <c>go</c>, trains, and prints a hash of the weights.</summary>
    /// <param name="arguments">The folder of checkpoints and the kind of run; or <c>mpi</c> and the work of a rank; or
    /// <c>kernels</c>.</param>
    /// <returns>Exit code.</returns>
    public static int Main(string[] arguments)
    {
        if (arguments[0] == "mpi") return MpiProgram.Main(arguments);
        if (arguments[0] == "libtorch") return LibtorchProcess.Main(arguments[1]);
        if (arguments[0] == "kernels") return KernelProcess.Main();
        if (arguments[0] == "convolutions") return ConvolutionProcess.Main();
        if (arguments[0] == "exit") return ExitProgram.Main(arguments);
        if (arguments[0] == "swap") return SwapProgram.Main(arguments);
        if (arguments[0] == "equal")
        {
            using var equal = new TinyRun(Hosts.EqualRunsTests.Options);
            Console.WriteLine(equal.Weights);
            return 0;
        }
        torch.zeros(1).Dispose(); // libtorch is loaded before the clock of the test starts
        Console.WriteLine("go");
        using var run = new TinyRun(Options(arguments[0], bool.Parse(arguments[1])));
        Console.WriteLine(run.Weights);
        return 0;
    }
}
