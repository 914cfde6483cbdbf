namespace TorchSharp.Tests;

/// <summary>Small tensors on a busy machine: more threads only wait for each other.</summary>
[SetUpFixture]
public class SetUp
{
    [OneTimeSetUp]
    public void OneThread() => set_num_threads(1);
}
