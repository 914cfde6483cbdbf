using PaT.Cli;

// Open MPI gives a terminal to each process and passes its output on, perhaps to a file.
if (DistributedOptions.IsLaunched) Environment.SetEnvironmentVariable("TERM", "dumb");
Console.SetError(new ProgressWriter(Console.Error));
Console.SetOut(new ResultWriter(Console.Out));
using var interrupt = new Interrupt(Console.Error);
var exitCode = await PatCommandLine.RunAsync(args, Console.Out, Console.Error, interrupt.Token);
return exitCode == PatCommandLine.Stopped ? interrupt.ExitCode : exitCode;
