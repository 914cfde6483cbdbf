using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning.Channels;

namespace Microsoft.ML.PaT.Pruning;

/// <summary>
/// Channels that several layers share: the unit of ranking and pruning. Channel i of the group is one channel of every
/// layer in it.
/// </summary>
/// <remarks>
/// <example>
/// In the first stage of a CIFAR ResNet, additions couple the stem and the second convolution of every block, so they
/// form one group:
/// <code>
/// conv1.weight[i], bn1.*[i], layer1.0.conv2.weight[i], layer1.0.bn2.*[i], ...   produce channel i
/// layer1.0.conv1.weight[:, i], layer2.0.downsample.0.weight[:, i], ...          read channel i
/// </code>
/// Removing channel i removes all of these slices. The first convolution of each block is a group of its own.
/// </example>
/// </remarks>
public sealed class ChannelGroup
{
    internal ChannelGroup(
        string name, IReadOnlyList<string> producers, IReadOnlyList<int> channels, IReadOnlyList<GroupMember> members)
    {
        Name = name;
        Producers = producers;
        Layers = [.. producers.Distinct()];
        Consumers =
        [
            .. members.Where(m => m.Dimension == 1).Select(m => m.Parameter[..m.Parameter.LastIndexOf('.')]).Distinct(),
        ];
        Channels = channels;
        Members = members;
    }

    /// <summary>
    /// Name of the group: that of its first layer, with a number if a layer is the first of several groups.
    /// </summary>
    public string Name { get; }

    /// <summary>Layers whose output channels the group couples, in network order.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>Layers whose weights read its channels, in network order.</summary>
    public IReadOnlyList<string> Consumers { get; }

    /// <summary>
    /// Number of layer channels per channel of the group: one of each layer, or several if channels of a layer are
    /// coupled (grouped convolutions, attention heads).
    /// </summary>
    public int Multiplicity => Producers.Count;

    /// <summary>Number of channels.</summary>
    public int Width => Channels.Count;

    /// <summary>
    /// Minimum number of the group's channels that changes the width of each of its layers by a multiple of a step;
    /// less than the step if a channel stands for several of a layer.
    /// </summary>
    internal int Step(int width)
    {
        var counts = Producers.CountBy(m => m).Select(m => m.Value).Distinct().ToList();
        return Enumerable.Range(1, width).First(channels => counts.TrueForAll(c => channels * c % width == 0));
    }

    /// <summary>Layers of the <see cref="Multiplicity"/> channels, in network order.</summary>
    internal IReadOnlyList<string> Producers { get; }

    /// <summary>Numbers of its channels in the <see cref="ChannelGraph"/>, in order.</summary>
    internal IReadOnlyList<int> Channels { get; }

    /// <summary>Slices of tensors that produce or read its channels.</summary>
    internal IReadOnlyList<GroupMember> Members { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name} ({Width} channels of {Layers.Count} layers, {Multiplicity} neurons each)";
}
