using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Initial weights: He's normal distribution with fan-out for convolutions (ICCV 2015), uniform within 1/sqrt(fan-in)
/// for linear layers, 1 and 0 for norms. Networks with layer-norms use the initialization of their papers (DeiT, ICML
/// 2021; ConvNeXt, CVPR 2022): normal with a standard deviation of 0.02 for weights and position embeddings, 0 for
/// biases and class tokens, 1e-6 for layer scales.
/// </summary>
/// <remarks>Those papers truncate at 2, which is a hundred standard deviations and has no effect.</remarks>
internal static class InitialWeights
{
    private const double SmallDeviation = 0.02;

    private static readonly Scalar s_smallScale = 1e-6.ToScalar();

    /// <summary>Draws on the CPU, so that the weights do not depend on the device.</summary>
    /// <param name="generator">Random number generator.</param>
    /// <returns>A float32 tensor for each parameter by name, owned by the caller.</returns>
    public static Dictionary<string, Tensor> Draw(NetworkDefinition definition, Generator generator)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        var small = definition.Layers.Any(l => l is LayerNormLayer);
        foreach (var layer in definition.Layers)
        {
            long fanIn = 1;
            foreach (var spec in layer.Parameters)
            {
                if (spec.Role == ParameterRole.Weight) fanIn = spec.Count / spec.Shape[0];
                var value = spec.Role switch
                {
                    ParameterRole.Weight when small => empty(spec.Shape, dtype: float32)
                        .normal_(0, SmallDeviation, generator),
                    ParameterRole.Bias when small => zeros(spec.Shape, dtype: float32),
                    ParameterRole.PositionEmbedding or ParameterRole.PositionBias => empty(spec.Shape, dtype: float32)
                        .normal_(0, SmallDeviation, generator),
                    ParameterRole.LayerScale => full(spec.Shape, s_smallScale, dtype: float32),
                    ParameterRole.Weight when spec.Shape.Length == 4 => empty(spec.Shape, dtype: float32)
                        .normal_(0, Math.Sqrt(2.0 / (spec.Shape[0] * spec.Shape[2] * spec.Shape[3])), generator),
                    ParameterRole.Weight or ParameterRole.Bias => empty(spec.Shape, dtype: float32)
                        .uniform_(-1 / Math.Sqrt(fanIn), 1 / Math.Sqrt(fanIn), generator),
                    ParameterRole.NormScale or ParameterRole.RunningVariance => ones(spec.Shape, dtype: float32),
                    _ => zeros(spec.Shape, dtype: float32),
                };
                tensors[spec.Name] = value.MoveToOuterDisposeScope();
            }
        }
        return tensors;
    }
}
