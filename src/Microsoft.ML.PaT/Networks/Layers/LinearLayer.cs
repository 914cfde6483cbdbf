using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>A fully connected layer: [N,In,1,1] to [N,Out,1,1].</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Inputs">The one input, a vector.</param>
/// <param name="In">Values of the input.</param>
/// <param name="Out">Values of the output.</param>
public sealed record LinearLayer(string Name, IReadOnlyList<string> Inputs, int In, int Out) : Layer(Name, Inputs)
{
    private string Weight => Name + ".weight";

    private string Bias => Name + ".bias";

    internal override IEnumerable<ParameterSpec> Parameters =>
    [
        new(Weight, [Out, In], ParameterRole.Weight),
        new(Bias, [Out], ParameterRole.Bias),
    ];

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs, In);
        if (input is not { Height: 1, Width: 1 })
            throw new InvalidNetworkException($"Linear layer '{Name}' takes a vector, but '{Inputs[0]}' gives {input}; pool or flatten it first.");
        return new(Out, 1, 1);
    }

    internal override long MultiplyAccumulates(ImageShape output) => (long)In * Out;

    internal override void Flow(ChannelFlow flow)
    {
        var input = flow.Input(0);
        var output = flow.Produce(Out);
        flow.Own(Weight, 0, output);
        flow.Own(Weight, 1, input);
        flow.Own(Bias, 0, output);
    }

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output) => this with { In = Count(inputs[0]), Out = Count(output) };

    internal override OnnxValue Export(OnnxLayer layer) => layer.Node("Gemm", [layer.Vector, layer.Parameter(Weight), layer.Parameter(Bias)], OnnxAttribute.Of("transB", 1));

    internal override torch.Tensor Forward(LayerContext context)
    {
        using var vectors = context.Input.reshape(-1, In);
        using var result = torch.nn.functional.linear(vectors, context[Weight], context[Bias]);
        return result.view(-1, Out, 1, 1);
    }
}
