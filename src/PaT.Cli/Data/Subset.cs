namespace PaT.Cli;

/// <summary>Seeded, class-balanced choices among pictures: the same seed chooses the same ones, in the same order.</summary>
internal static class Subset
{
    /// <summary>Chooses so many pictures, as evenly over the classes as their sizes allow.</summary>
    /// <param name="pictures">To choose from.</param>
    /// <param name="count">How many, at most; all of them when there are no more.</param>
    /// <param name="seed">Decides which.</param>
    public static List<Picture> Balanced(IReadOnlyList<Picture> pictures, int count, int seed)
    {
        if (count >= pictures.Count)
        {
            return [.. pictures];
        }

        // Drawing one picture from each class in turn spends a class that is too small and goes on with the others.
        var classes = Shuffled(pictures, seed);
        var chosen = new HashSet<Picture>(ReferenceEqualityComparer.Instance);
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

        return [.. pictures.Where(chosen.Contains)];
    }

    /// <summary>Chooses a share of each class: at least one picture of every class that has two or more.</summary>
    /// <param name="pictures">To choose from.</param>
    /// <param name="share">Fraction 0 to 1.</param>
    /// <param name="seed">Decides which.</param>
    public static List<Picture> Share(IReadOnlyList<Picture> pictures, double share, int seed)
    {
        var chosen = new HashSet<Picture>(ReferenceEqualityComparer.Instance);
        foreach (var ofClass in Shuffled(pictures, seed))
        {
            var count = Math.Clamp((int)Math.Round(share * ofClass.Count), Math.Min(1, ofClass.Count - 1), ofClass.Count - 1);
            chosen.UnionWith(ofClass.Take(count));
        }

        return [.. pictures.Where(chosen.Contains)];
    }

    /// <summary>The pictures that were not chosen, in their order.</summary>
    /// <param name="pictures">All of them.</param>
    /// <param name="chosen">Those to leave out.</param>
    public static List<Picture> Without(IReadOnlyList<Picture> pictures, IReadOnlyList<Picture> chosen)
    {
        var taken = new HashSet<Picture>(chosen, ReferenceEqualityComparer.Instance);
        return [.. pictures.Where(p => !taken.Contains(p))];
    }

    private static List<List<Picture>> Shuffled(IReadOnlyList<Picture> pictures, int seed)
    {
        var random = new Random(seed);
        var classes = pictures.GroupBy(p => p.Label).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToArray()).ToList();
        classes.ForEach(random.Shuffle);
        return [.. classes.Select(c => c.ToList())];
    }
}
