namespace PaT.Studies.Tests;

internal static class Settings
{
    public static StudySettings Of(string network) => new()
    {
        Recipe = new() { Network = Networks.ByName(network), Training = new() { Epochs = 8, BatchSize = 64 } },
        Images = new("images", "0123", "images", Classes: 10, Test: 100, Side: 32),
        Limit = 500,
        Seeds = 2,
        Threads = 1,
        Parallel = 2,
        Device = "cpu",
    };
}
