using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Selection of input channels in a given order: a split selects some, a channel shuffle all. All channels are listed,
/// so pruning shortens the list and does not require equal parts. The first channel of a split cannot be pruned.
/// </summary>
internal sealed record SelectChannelsLayer(string Name, IReadOnlyList<string> Inputs, IReadOnlyList<int> Channels)
    : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => !Contiguous;

    private bool Contiguous =>
        Channels[^1] - Channels[0] == Channels.Count - 1
        && Channels.Zip(Channels.Skip(1), (a, b) => b - a).All(step => step == 1);

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs);
        Require(
            Channels.Count > 0 && Channels.All(c => c >= 0 && c < input.Channels),
            $"a list of channels from 0 to {input.Channels - 1}");
        return input with { Channels = Channels.Count };
    }

    internal override void Flow(ChannelGraph flow)
    {
        var input = flow.Input(0);
        var output = Channels.Select(c => input[c]).ToArray();
        if (input.Except(output).Any()) flow.Select(output);
        else flow.Pass(output);
    }

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output)
    {
        var number = new int[inputs[0].Length];
        for (int c = 0, next = 0; c < number.Length; c++) number[c] = inputs[0][c] ? next++ : -1;
        return this with { Channels = [.. Channels.Where((_, i) => output[i]).Select(c => number[c])] };
    }

    internal override OnnxValue Export(OnnxLayer layer) =>
        Contiguous
            ? layer.Slice(layer.Input, dimension: 1, Channels[0], Channels[^1] + 1L)
            : layer.Node(
                "Gather",
                [layer.Input, layer.Integers([.. Channels.Select(c => (long)c)])],
                OnnxAttribute.Of("axis", 1));

    internal override torch.Tensor Forward(LayerContext context)
    {
        if (Contiguous) return context.Input.narrow(1, Channels[0], Channels.Count);
        using var order = torch.tensor(Channels.Select(c => (long)c).ToArray(), device: context.Input.device);
        return context.Input.index_select(1, order);
    }
}
