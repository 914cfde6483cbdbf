using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// L-BFGS (Liu and Nocedal, 1989): a quasi-Newton method for smooth functions of many variables. The step is halved
/// until the function falls enough (Armijo), and only pairs of positive curvature are kept.
/// </summary>
internal static class LimitedMemoryBfgs
{
    private const int History = 10, Halvings = 30;
    private const double EnoughDecrease = 1e-4, LeastDecrease = 1e-7, LeastGradient = 1e-6;

    /// <param name="start">float64 [n]; not changed.</param>
    /// <param name="function">Value and gradient, float64 [n], in its caller's dispose scope.</param>
    /// <param name="iterations">Maximum number of iterations. Ends earlier if the value hardly decreases.</param>
    /// <returns>The best point found, in the caller's dispose scope.</returns>
    public static Tensor Minimize(Tensor start, Func<Tensor, (double Value, Tensor Gradient)> function, int iterations)
    {
        using var scope = NewDisposeScope();
        var pairs = new List<(Tensor Step, Tensor Change, double Curvature)>();
        var at = start.clone();
        var (value, gradient) = function(at);
        for (var iteration = 0; iteration < iterations && Longest(gradient) > LeastGradient; iteration++)
        {
            using var inner = NewDisposeScope();
            var direction = Direction(gradient, pairs);
            var slope = Dot(direction, gradient);
            if (Search(at, value, slope, direction, function, pairs.Count == 0) is not { } found) break;
            var (step, change) = (found.At.Plus(at, -1), found.Gradient.Plus(gradient, -1));
            var curvature = Dot(step, change);
            if (curvature > 1e-12 * Dot(change, change))
                pairs.Add((step.MoveToOuterDisposeScope(), change.MoveToOuterDisposeScope(), curvature));
            if (pairs.Count > History)
            {
                pairs[0].Step.Dispose();
                pairs[0].Change.Dispose();
                pairs.RemoveAt(0);
            }
            var decrease = value - found.Value;
            at.Dispose();
            gradient.Dispose();
            (at, gradient) = (found.At.MoveToOuterDisposeScope(), found.Gradient.MoveToOuterDisposeScope());
            value = found.Value;
            if (decrease <= LeastDecrease * Math.Max(1e-3, Math.Abs(value))) break;
        }
        return at.MoveToOuterDisposeScope();
    }

    /// <summary>The first point along a direction where the function has decreased enough; null for none.</summary>
    private static (Tensor At, double Value, Tensor Gradient)? Search(
        Tensor at, double value, double slope, Tensor direction,
        Func<Tensor, (double Value, Tensor Gradient)> function, bool isFirst)
    {
        // Without a history, the length of the gradient does not determine that of the step.
        var length = isFirst ? Math.Min(1, 1 / Math.Sqrt(-slope)) : 1;
        for (var halving = 0; halving < Halvings; halving++, length /= 2)
        {
            var next = at.Plus(direction, length);
            var (there, gradient) = function(next);
            if (there <= value + EnoughDecrease * length * slope) return (next, there, gradient);
        }
        return null;
    }

    /// <summary>
    /// Minus the gradient times the approximate inverse of the second derivatives (two-loop recursion).
    /// </summary>
    private static Tensor Direction(Tensor gradient, List<(Tensor Step, Tensor Change, double Curvature)> pairs)
    {
        var direction = gradient.neg();
        var factors = new double[pairs.Count];
        for (var i = pairs.Count - 1; i >= 0; i--)
        {
            factors[i] = Dot(pairs[i].Step, direction) / pairs[i].Curvature;
            direction.Plus_(pairs[i].Change, -factors[i]);
        }
        if (pairs.Count > 0) direction.Times_(pairs[^1].Curvature / Dot(pairs[^1].Change, pairs[^1].Change));
        for (var i = 0; i < pairs.Count; i++)
        {
            var back = Dot(pairs[i].Change, direction) / pairs[i].Curvature;
            direction.Plus_(pairs[i].Step, factors[i] - back);
        }
        return direction;
    }

    private static double Dot(Tensor x, Tensor y)
    {
        using var product = x.dot(y);
        return product.item<double>();
    }

    private static double Longest(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        return gradient.abs().max().item<double>();
    }
}
