namespace Microsoft.ML.PaT.Modeling;

/// <summary>What a network costs, counted from its definition.</summary>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="Macs">Multiply-accumulates of convolutions, linear layers and attention, its products of tokens included, for one image.</param>
internal sealed record NetworkCost(long Parameters, long Macs)
{
    /// <summary>Counts a definition.</summary>
    public static NetworkCost Of(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new(
            definition.Parameters.Where(p => p.Trainable).Sum(p => p.Count),
            definition.Layers.Sum(l => l.MultiplyAccumulates(definition.OutputShape(l.Name))));
    }
}
