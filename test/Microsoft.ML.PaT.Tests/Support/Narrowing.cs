namespace Microsoft.ML.PaT.Tests;

internal static class Narrowing
{
    public static NetworkDefinition WithWidths(
        this NetworkDefinition network, IReadOnlyDictionary<string, int> widths) =>
        PruningPlan.FromWidths(network, widths).Apply(network);
}
