using TorchSharp.Benchmark;

// usage: operators | train STEPS THREADS | leak STEPS
switch (args)
{
    case ["operators"]:
        Operators.Run();
        return 0;
    case ["train", var steps, var threads]:
        Training.Run(int.Parse(steps), int.Parse(threads));
        return 0;
    case ["leak", var steps]:
        return Leak.Run(int.Parse(steps));
    default:
        Console.Error.WriteLine("usage: operators | train STEPS THREADS | leak STEPS");
        return 2;
}
