using PaT.Cli;

Console.SetError(new ProgressWriter(Console.Error));
using var interrupt = new Interrupt(Console.Error);
return await PatCommandLine.RunAsync(args, Console.Out, Console.Error, interrupt.Token);
