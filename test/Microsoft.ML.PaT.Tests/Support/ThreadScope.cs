using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Sets the number of libtorch's threads until disposed.</summary>
internal sealed class ThreadScope : IDisposable
{
    private readonly int _before = torch.get_num_threads();

    public ThreadScope(int threads) => torch.set_num_threads(threads);

    public void Dispose() => torch.set_num_threads(_before);
}
