using System.Reflection;
using System.Text.Json.Serialization;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>A layer of a <see cref="NetworkSummary"/>.</summary>
/// <param name="Kind">Kind of the layer as in the JSON of a definition: <c>convolution</c>, <c>batchNorm</c>,
/// ...</param>
/// <param name="Kernel">Height and width of the kernel, in pixels; null for layers without a kernel.</param>
/// <param name="Groups">Groups of a convolution; null for other layers.</param>
/// <param name="Macs">Multiply-accumulates per image of a convolution, linear or attention layer; 0 for other
/// layers.</param>
/// <param name="Fused">For a layer that a fused kernel computes in training: the last layer of its group; otherwise
/// null.</param>
internal sealed record LayerSummary(
    string Name, string Kind, int In, int Out, int? Kernel, int? Groups, long Parameters, long Macs, string? Fused)
{
    // The JSON attributes define the names of the kinds.
    private static readonly Dictionary<Type, string> s_kinds = typeof(Layer)
        .GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

    public static LayerSummary Of(Layer layer, NetworkDefinition definition, string? fused)
    {
        var output = definition.OutputShape(layer.Name);
        return new(
            layer.Name,
            s_kinds[layer.GetType()],
            layer.Inputs.Count > 0 ? definition.OutputShape(layer.Inputs[0]).Channels : 0,
            output.Channels,
            layer switch
            {
                ConvolutionLayer convolution => convolution.Kernel,
                MaxPoolLayer pool => pool.Kernel,
                AveragePoolLayer pool => pool.Kernel,
                _ => null,
            },
            (layer as ConvolutionLayer)?.Groups,
            layer.Parameters.Where(p => p.Trainable).Sum(p => p.Count),
            layer.MultiplyAccumulates(output),
            fused);
    }
}
