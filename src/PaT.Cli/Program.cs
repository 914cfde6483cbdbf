using PaT.Cli;

Console.SetError(new ProgressWriter(Console.Error));
Console.SetOut(new ResultWriter(Console.Out));
using var interrupt = new Interrupt(Console.Error);
var exitCode = await PatCommandLine.RunAsync(args, Console.Out, Console.Error, interrupt.Token);
return exitCode == PatCommandLine.Stopped ? interrupt.ExitCode : exitCode;
