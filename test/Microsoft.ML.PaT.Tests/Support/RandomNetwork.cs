using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// A random network as a recipe: a stem, steps that each add the layers of one of <see cref="RandomOperators"/> after
/// an earlier layer, and a head. Every part of a recipe is a recipe, so a failing network shrinks to the few steps that
/// matter.
/// </summary>
/// <param name="Head">Index in <see cref="RandomOperators.Heads"/>.</param>
/// <param name="Steps">Steps between stem and head.</param>
internal sealed record RandomNetwork(int Head, IReadOnlyList<RandomNetwork.Step> Steps)
{
    /// <summary>Recipes of up to 15 steps, which shrink to smaller ones.</summary>
    public static Arbitrary<RandomNetwork> Arbitrary { get; } =
        Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(OfSeed), Shrunk);

    /// <summary>
    /// A recipe of 4 to 15 steps. Most read the last layer, so that networks are deep; some branch off earlier.
    /// </summary>
    public static RandomNetwork OfSeed(int seed)
    {
        var random = new Random(seed);
        var steps = Enumerable.Range(0, random.Next(4, 16))
            .Select(_ => new Step(
                random.Next(RandomOperators.All.Count), random.Next(3) == 0 ? random.Next(16) : 0, random.Next(1000)));
        return new(random.Next(RandomOperators.Heads.Count), [.. steps]);
    }

    public static NetworkDefinition Build(int seed) => OfSeed(seed).Build();

    /// <summary>Builds the network for images of 3x8x8 and three classes.</summary>
    public NetworkDefinition Build()
    {
        var growth = new RandomGrowth(new("random", new(3, 8, 8)));
        growth.Add(growth.Builder.Convolution(growth.Name(), NetworkDefinition.InputName, 6, kernel: 3));
        foreach (var step in Steps)
        {
            growth.Begin(step.Seed, step.Back);
            if (RandomOperators.All[step.Operator](growth) is { } added) growth.Add(added);
        }
        growth.Begin(Head, back: 0);
        RandomOperators.Heads[Head](growth);
        return growth.Builder.Build();
    }

    /// <summary>Printed by FsCheck for a failing network.</summary>
    public override string ToString() => $"head {Head}, steps [{string.Join(", ", Steps)}]: {Build().ToJson()}";

    /// <summary>
    /// Smaller recipes: one half, one step less, the simplest head, steps that read the last layer or use seed 0.
    /// </summary>
    private static IEnumerable<RandomNetwork> Shrunk(RandomNetwork recipe)
    {
        var steps = recipe.Steps;
        if (steps.Count > 1)
        {
            yield return recipe with { Steps = [.. steps.Take(steps.Count / 2)] };
            yield return recipe with { Steps = [.. steps.Skip(steps.Count / 2)] };
        }
        for (var i = 0; i < steps.Count; i++)
            yield return recipe with { Steps = [.. steps.Take(i), .. steps.Skip(i + 1)] };
        if (recipe.Head > 0) yield return recipe with { Head = 0 };
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Back > 0) yield return With(i, steps[i] with { Back = 0 });
            if (steps[i].Seed > 0) yield return With(i, steps[i] with { Seed = 0 });
        }

        RandomNetwork With(int index, Step step) =>
            recipe with { Steps = [.. steps.Select((s, i) => i == index ? step : s)] };
    }

    /// <summary>A step.</summary>
    /// <param name="Operator">Index in <see cref="RandomOperators.All"/>.</param>
    /// <param name="Back">Number of layers between the last one and the input.</param>
    /// <param name="Seed">Determines widths, kernels and the like.</param>
    internal readonly record struct Step(int Operator, int Back, int Seed);
}
