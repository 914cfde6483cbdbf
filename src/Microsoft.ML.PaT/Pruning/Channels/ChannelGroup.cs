using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Zoo;
using Microsoft.ML.PaT.Pruning.Channels;

namespace Microsoft.ML.PaT.Pruning;

/// <summary>
/// Channels that several layers share, the unit of ranking and removal: channel i of the group is one channel of every layer in it.
/// </summary>
/// <remarks>
/// <example>
/// In the first stage of a CIFAR ResNet the stem and the second convolution of every block meet in additions, so they form one group:
/// <code>
/// conv1.weight[i], bn1.*[i], layer1.0.conv2.weight[i], layer1.0.bn2.*[i], ...   what makes channel i
/// layer1.0.conv1.weight[:, i], layer2.0.downsample.0.weight[:, i], ...          what reads channel i
/// </code>
/// Removing channel i removes all of these slices; the first convolution of each block is a group of its own.
/// </example>
/// </remarks>
public sealed class ChannelGroup
{
    internal ChannelGroup(string name, IReadOnlyList<string> producers, IReadOnlyList<int> channels, IReadOnlyList<GroupMember> members)
    {
        Name = name;
        Producers = producers;
        Layers = [.. producers.Distinct()];
        Consumers = [.. members.Where(m => m.Dimension == 1).Select(m => m.Parameter[..m.Parameter.LastIndexOf('.')]).Distinct()];
        Channels = channels;
        Members = members;
    }

    /// <summary>Its name: that of its first layer, with a number after it where a layer begins several groups.</summary>
    public string Name { get; }

    /// <summary>The convolutions whose output channels it ties, in network order.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>The layers whose weights read its channels, in network order.</summary>
    public IReadOnlyList<string> Consumers { get; }

    /// <summary>
    /// The channels of layers that one channel of the group stands for: one of each of its layers, or several where a layer must give up
    /// several at once (grouped convolutions, heads of attention).
    /// </summary>
    public int Multiplicity => Producers.Count;

    /// <summary>Number of channels.</summary>
    public int Width => Channels.Count;

    /// <summary>The fewest channels of the group that change the width of each of its layers by a multiple of a step: fewer than the step where a channel stands for several of a layer.</summary>
    internal int Step(int width)
    {
        var counts = Producers.CountBy(m => m).Select(m => m.Value).Distinct().ToList();
        return Enumerable.Range(1, width).First(channels => counts.TrueForAll(c => channels * c % width == 0));
    }

    /// <summary>The layer of each of the <see cref="Multiplicity"/>, in network order.</summary>
    internal IReadOnlyList<string> Producers { get; }

    /// <summary>The numbers of its channels in the <see cref="ChannelGraph"/>, in order.</summary>
    internal IReadOnlyList<int> Channels { get; }

    /// <summary>The slices of tensors that make or read its channels.</summary>
    internal IReadOnlyList<GroupMember> Members { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Width} channels of {Layers.Count} layers, {Multiplicity} neurons each)";
}
