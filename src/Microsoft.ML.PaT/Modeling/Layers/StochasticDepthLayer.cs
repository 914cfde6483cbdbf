namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Stochastic depth (Huang et al., ECCV 2016): sets whole images to 0, so that the branch of a residual block is
/// skipped for them.
/// </summary>
internal sealed record StochasticDepthLayer(string Name, IReadOnlyList<string> Inputs, double Rate)
    : RandomZeroLayer(Name, Inputs, Rate)
{
    private protected override long[] MaskShape(long[] input) => [input[0], 1, 1, 1];
}
