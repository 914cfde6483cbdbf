using Microsoft.ML.PaT.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Runs;

/// <summary>The state of a run, and its tensors on the CPU by full name. Owns the tensors.</summary>
internal sealed class Checkpoint(CheckpointState state, Dictionary<string, Tensor> tensors) : IDisposable
{
    public CheckpointState State => state;

    /// <summary>By full name, such as <c>network/conv1.weight</c>.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>Whether another run than the one that wrote the checkpoint starts from it.</summary>
    public bool IsBranch { get; private set; }

    /// <summary>Marks this checkpoint as the start of another run, and returns it.</summary>
    public Checkpoint AsBranch()
    {
        IsBranch = true;
        return this;
    }

    /// <summary>Training steps since the start of the run.</summary>
    public long StepAt(int stepsPerEpoch) => (long)state.Epoch * stepsPerEpoch + state.SoFar.Step;

    /// <summary>The network, in its memory format, ready to train on; owned by the caller.</summary>
    public TrainableNetwork Network(Device device, bool fusedNorms) => TrainableNetwork.Restore(
        NetworkDefinition.FromJson(state.Network), Part("network"), device, state.ChannelsLast, fusedNorms);

    /// <summary>The tensors of one part of the run.</summary>
    /// <returns>
    /// Its tensors by their names within the part; empty when there are none. Owned by the checkpoint.
    /// </returns>
    public Dictionary<string, Tensor> Part(string part) => tensors
        .Where(t => t.Key.StartsWith(part + "/", StringComparison.Ordinal))
        .ToDictionary(t => t.Key[(part.Length + 1)..], t => t.Value);

    /// <summary>Joins the parts of a run.</summary>
    /// <param name="parts">The tensors of each part by their names within it.</param>
    /// <returns>The same tensors by full name.</returns>
    public static Dictionary<string, Tensor> Join(
        params (string Part, IReadOnlyDictionary<string, Tensor> Tensors)[] parts) => parts
        .SelectMany(p => p.Tensors.Select(t => (Name: $"{p.Part}/{t.Key}", t.Value)))
        .ToDictionary(t => t.Name, t => t.Value);

    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }
}
