namespace Microsoft.ML.PaT.Modeling;

/// <summary>Dropout (Srivastava et al., JMLR 2014): sets single values to 0.</summary>
internal sealed record DropoutLayer(string Name, IReadOnlyList<string> Inputs, double Rate)
    : RandomZeroLayer(Name, Inputs, Rate)
{
    private protected override long[] MaskShape(long[] input) => input;
}
