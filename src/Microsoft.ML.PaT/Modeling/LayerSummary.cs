using System.Reflection;
using System.Text.Json.Serialization;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>One layer of a <see cref="NetworkSummary"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind, as a definition's JSON spells it: <c>convolution</c>, <c>batchNorm</c>, ...</param>
/// <param name="In">Channels of its first input.</param>
/// <param name="Out">Channels of its output.</param>
/// <param name="Kernel">Height and width of its kernel, in pixels; null for layers without one.</param>
/// <param name="Groups">Parts into which a convolution's channels are cut; null for other layers.</param>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="Macs">Multiply-accumulates of a convolution, linear or attention layer for one image, otherwise 0.</param>
/// <param name="Fused">For a layer that fused kernels compute together with its neighbors in training: the last layer of that step; else null.</param>
public sealed record LayerSummary(string Name, string Kind, int In, int Out, int? Kernel, int? Groups, long Parameters, long Macs, string? Fused)
{
    // The one place where kinds have names is what serializes them.
    private static readonly Dictionary<Type, string> s_kinds = typeof(Layer).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

    internal static LayerSummary Of(Layer layer, NetworkDefinition definition, string? fused)
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
