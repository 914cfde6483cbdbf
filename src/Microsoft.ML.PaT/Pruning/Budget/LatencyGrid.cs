namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// A function of one or two widths, given at some nodes and linear between them. It never decreases with the width.
/// </summary>
internal sealed class LatencyGrid
{
    private readonly int[][] _nodes;
    private double[,] _values;

    /// <param name="widths">Ascending widths per dimension, one for each part; equal widths count once.</param>
    /// <param name="measure">Returns the value at the given parts, counted from 1.</param>
    public LatencyGrid(int[][] widths, Func<int[], double> measure)
    {
        var parts = Array.ConvertAll(widths, w =>
            Enumerable.Range(0, w.Length).Where(i => i == w.Length - 1 || w[i] != w[i + 1]).ToArray());
        _nodes = [.. widths.Select((w, d) => Array.ConvertAll(parts[d], i => w[i]))];
        if (widths.Length == 1)
        {
            _nodes = [[0], _nodes[0]];
            parts = [[-1], parts[0]];
        }
        _values = new double[parts[0].Length, parts[1].Length];
        for (var i = 0; i < parts[0].Length; i++)
        {
            for (var j = 0; j < parts[1].Length; j++)
            {
                _values[i, j] = measure(widths.Length == 1 ? [parts[1][j] + 1] : [parts[0][i] + 1, parts[1][j] + 1]);
            }
        }
        RiseOnly();
        if (widths.Length > 1) _values = WithZero(dimension: 0);
        _values = WithZero(dimension: 1);
        RiseOnly();
    }

    public double At(int[] widths)
    {
        var (i, x) = Place(_nodes[0], widths.Length == 1 ? 0 : widths[0]);
        var (j, y) = Place(_nodes[1], widths[^1]);
        var (i2, j2) = (Math.Min(i + 1, _nodes[0].Length - 1), Math.Min(j + 1, _nodes[1].Length - 1));
        return (1 - x) * ((1 - y) * _values[i, j] + y * _values[i, j2])
            + x * ((1 - y) * _values[i2, j] + y * _values[i2, j2]);
    }

    private void RiseOnly()
    {
        for (var i = 0; i < _values.GetLength(0); i++)
        {
            for (var j = 0; j < _values.GetLength(1); j++)
            {
                _values[i, j] =
                    Math.Max(_values[i, j], Math.Max(i > 0 ? _values[i - 1, j] : 0, j > 0 ? _values[i, j - 1] : 0));
            }
        }
    }

    /// <summary>
    /// Adds a node for width 0 to a dimension: the extrapolation of the first two nodes, limited to between 0 and the
    /// first value.
    /// </summary>
    private double[,] WithZero(int dimension)
    {
        var nodes = _nodes[dimension];
        var step = nodes.Length > 1 ? (double)nodes[0] / (nodes[1] - nodes[0]) : 1;
        var (rows, columns) = (_values.GetLength(0) + 1 - dimension, _values.GetLength(1) + dimension);
        var padded = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                double Old(int node) => dimension == 0 ? _values[node, j] : _values[i, node];
                var place = dimension == 0 ? i : j;
                padded[i, j] = place > 0 ? Old(place - 1)
                    : nodes.Length > 1 ? Math.Clamp(Old(0) - step * (Old(1) - Old(0)), 0, Old(0))
                    : 0;
            }
        }
        _nodes[dimension] = [0, .. nodes];
        return padded;
    }

    /// <summary>
    /// The node before a width, and the fraction of the distance to the next; a width above the last node counts as the
    /// last.
    /// </summary>
    private static (int Node, double Part) Place(int[] nodes, int width)
    {
        if (nodes.Length == 1) return (0, 0);
        var node = nodes.Length - 2;
        while (node > 0 && nodes[node] > width) node--;
        return (node, Math.Clamp((double)(width - nodes[node]) / (nodes[node + 1] - nodes[node]), 0, 1));
    }
}
