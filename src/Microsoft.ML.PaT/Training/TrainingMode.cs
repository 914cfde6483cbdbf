using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Sets a network to training mode, on slices of batches, until disposed.</summary>
internal readonly struct TrainingMode : IDisposable
{
    private readonly NetworkModule _module;

    /// <param name="module">The network; not owned.</param>
    /// <param name="generator">Random number generator of dropout.</param>
    /// <param name="norms">Ranks over whose slices batch-norms compute their statistics; null for this slice.</param>
    /// <param name="frozenNorms">Batch-norms that keep their running statistics; null for none.</param>
    public TrainingMode(
        NetworkModule module, Generator generator, Communicator? norms, IReadOnlySet<string>? frozenNorms = null)
    {
        _module = module;
        _module.Train(generator);
        _module.SynchronizesNormsOver = norms;
        _module.FrozenNorms = frozenNorms;
    }

    public void Dispose() => (_module.Slice, _module.SynchronizesNormsOver, _module.FrozenNorms) = (null, null, null);
}
