using Microsoft.ML.PaT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Runs;

/// <summary>All that a run needs to go on: where it stands, and its tensors by name. Owns the tensors.</summary>
/// <param name="state">Where the run stands.</param>
/// <param name="tensors">The tensors, on the CPU; taken over.</param>
internal sealed class Checkpoint(CheckpointState state, Dictionary<string, Tensor> tensors) : IDisposable
{
    /// <summary>Where the run stands.</summary>
    public CheckpointState State => state;

    /// <summary>All tensors by full name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>Whether the run that starts here is another one than the run that wrote it.</summary>
    public bool IsBranch { get; private set; }

    /// <summary>This one, for another run.</summary>
    public Checkpoint AsBranch()
    {
        IsBranch = true;
        return this;
    }

    /// <summary>The network, ready to train on, in the layout that it had.</summary>
    /// <param name="device">Where it trains.</param>
    /// <param name="kernels">What computes its batch-norms.</param>
    public TrainableNetwork Network(Device device, TrainingKernels kernels) =>
        TrainableNetwork.Restore(NetworkDefinition.FromJson(state.Network), Part("network"), device, state.ChannelsLast, kernels);

    /// <summary>The tensors of one part of the run.</summary>
    /// <param name="part">The part, such as <c>network</c>.</param>
    /// <returns>Its tensors by their names within the part; empty when there are none. Still owned by the checkpoint.</returns>
    public Dictionary<string, Tensor> Part(string part) => tensors
        .Where(t => t.Key.StartsWith(part + "/", StringComparison.Ordinal))
        .ToDictionary(t => t.Key[(part.Length + 1)..], t => t.Value);

    /// <summary>Puts the parts of a run together.</summary>
    /// <param name="parts">The tensors of each part by their names within it.</param>
    /// <returns>The same tensors by full name.</returns>
    public static Dictionary<string, Tensor> Join(params (string Part, IReadOnlyDictionary<string, Tensor> Tensors)[] parts) =>
        parts.SelectMany(p => p.Tensors.Select(t => (Name: $"{p.Part}/{t.Key}", t.Value))).ToDictionary(t => t.Name, t => t.Value);

    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }
}
