using PaT.Cli;

using var interrupt = new Interrupt(Console.Error);
return await PatCommandLine.RunAsync(args, Console.Out, Console.Error, interrupt.Token);
