namespace PaT.Cli;

/// <summary>
/// Seeded, class-balanced choices among images: the same seed chooses the same ones, in the same order.
/// </summary>
internal static class Subset
{
    /// <summary>Chooses so many images, as evenly over the classes as their sizes allow.</summary>
    /// <param name="images">To choose from.</param>
    /// <param name="count">How many, at most; all of them when there are no more.</param>
    /// <param name="seed">Decides which.</param>
    public static List<Image> Balanced(IReadOnlyList<Image> images, int count, int seed)
    {
        if (count >= images.Count)
        {
            return [.. images];
        }

        // Drawing one image from each class in turn spends a class that is too small and goes on with the others.
        var classes = Shuffled(images, seed);
        var chosen = new HashSet<Image>(ReferenceEqualityComparer.Instance);
        for (var round = 0; chosen.Count < count; round++)
        {
            foreach (var ofClass in classes)
            {
                if (round < ofClass.Count && chosen.Count < count)
                {
                    chosen.Add(ofClass[round]);
                }
            }
        }

        return [.. images.Where(chosen.Contains)];
    }

    /// <summary>Chooses a fraction of each class: at least one image of every class that has two or more.</summary>
    /// <param name="images">To choose from.</param>
    /// <param name="fraction">Fraction 0 to 1.</param>
    /// <param name="seed">Decides which.</param>
    public static List<Image> Stratified(IReadOnlyList<Image> images, double fraction, int seed)
    {
        var chosen = new HashSet<Image>(ReferenceEqualityComparer.Instance);
        foreach (var ofClass in Shuffled(images, seed))
        {
            var count = Math.Clamp((int)Math.Round(fraction * ofClass.Count), Math.Min(1, ofClass.Count - 1), ofClass.Count - 1);
            chosen.UnionWith(ofClass.Take(count));
        }

        return [.. images.Where(chosen.Contains)];
    }

    /// <summary>The images that were not chosen, in their order.</summary>
    /// <param name="images">All of them.</param>
    /// <param name="chosen">Those to leave out.</param>
    public static List<Image> Without(IReadOnlyList<Image> images, IReadOnlyList<Image> chosen)
    {
        var taken = new HashSet<Image>(chosen, ReferenceEqualityComparer.Instance);
        return [.. images.Where(p => !taken.Contains(p))];
    }

    private static List<List<Image>> Shuffled(IReadOnlyList<Image> images, int seed)
    {
        var random = new Random(seed);
        var classes = images.GroupBy(p => p.Label).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToArray()).ToList();
        classes.ForEach(random.Shuffle);
        return [.. classes.Select(c => c.ToList())];
    }
}
