namespace Microsoft.ML.PaT.Modeling;

/// <summary>Cost of a network, counted from its definition.</summary>
/// <param name="Macs">Multiply-accumulates per image of convolutions, linear layers and attention, including the
/// products of tokens.</param>
internal sealed record NetworkCost(long Parameters, long Macs)
{
    public static NetworkCost Of(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new(
            definition.Parameters.Where(p => p.Trainable).Sum(p => p.Count),
            definition.Layers.Sum(l => l.MultiplyAccumulates(definition.OutputShape(l.Name))));
    }
}
