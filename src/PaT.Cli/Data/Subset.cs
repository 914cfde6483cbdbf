namespace PaT.Cli;

/// <summary>Seeded, class-balanced choices of images; the same seed chooses the same images.</summary>
internal static class Subset
{
    /// <summary>Chooses at most <paramref name="count"/> images, as evenly over the classes as possible.</summary>
    public static List<Image> Balanced(IReadOnlyList<Image> images, int count, int seed)
    {
        if (count >= images.Count)
        {
            return [.. images];
        }

        // One image of each class in turn; a class without further images is skipped.
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
    public static List<Image> Stratified(IReadOnlyList<Image> images, double fraction, int seed)
    {
        var chosen = new HashSet<Image>(ReferenceEqualityComparer.Instance);
        foreach (var ofClass in Shuffled(images, seed))
        {
            var most = ofClass.Count - 1;
            var count = Math.Clamp((int)Math.Round(fraction * ofClass.Count), Math.Min(1, most), most);
            chosen.UnionWith(ofClass.Take(count));
        }

        return [.. images.Where(chosen.Contains)];
    }

    public static List<Image> Without(IReadOnlyList<Image> images, IReadOnlyList<Image> chosen)
    {
        var taken = new HashSet<Image>(chosen, ReferenceEqualityComparer.Instance);
        return [.. images.Where(p => !taken.Contains(p))];
    }

    private static List<List<Image>> Shuffled(IReadOnlyList<Image> images, int seed)
    {
        var random = new Random(seed);
        var classes = images.GroupBy(p => p.Label).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.ToArray()).ToList();
        classes.ForEach(random.Shuffle);
        return [.. classes.Select(c => c.ToList())];
    }
}
