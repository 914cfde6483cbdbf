namespace TorchSharp.Benchmark;

/// <summary>Many training steps: the number of live tensors stays, and so does the memory.</summary>
internal static class Leak
{
    internal static int Run(int steps)
    {
        set_num_threads(1);
        using var network = nn.Sequential(nn.Conv2d(3, 8, 3, padding: 1), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10));
        using var optimizer = optim.SGD(network.parameters(), 0.1, momentum: 0.9);
        using var pictures = randn(8, 3, 8, 8);
        using var labels = randint(10, [8]);
        for (int i = 0; i < 200; i++) Training.Step(network, optimizer, pictures, labels);
        long tensors = Tensor.TotalCount, memory = Environment.WorkingSet;
        for (int i = 0; i < steps; i++) Training.Step(network, optimizer, pictures, labels);
        long grown = Environment.WorkingSet - memory;
        Console.WriteLine($"{steps} steps: live tensors {tensors} -> {Tensor.TotalCount}, working set {memory >> 20} -> {Environment.WorkingSet >> 20} MiB");
        return Tensor.TotalCount == tensors && grown < 32 << 20 ? 0 : 1;
    }
}
