namespace Microsoft.ML.PaT.Experiments;

/// <summary>Proposes every combination of values; the last axis changes fastest.</summary>
internal sealed class GridSampler(IReadOnlyList<SearchDimension> space) : ISampler
{
    private readonly double[][] _points = [.. PruningSearchSpace.Product([.. space.Select(axis => axis.Positions)])];
    private int _next;

    public int Trials => _points.Length;

    public IEnumerable<double[]> Next(IReadOnlyList<TriedPoint> tried)
    {
        while (_next < _points.Length) yield return _points[_next++];
    }
}
