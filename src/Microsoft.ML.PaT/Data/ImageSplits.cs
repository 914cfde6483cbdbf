namespace Microsoft.ML.PaT.Data;

/// <summary>Divides a set in two, class by class. The parts are ascending indices of images.</summary>
internal static class ImageSplits
{
    /// <summary>
    /// The validation images are the same fraction of every class, up to one image. Every class keeps a training image.
    /// </summary>
    public static (long[] Training, long[] Validation) ByFraction(ImageDataset images, double fraction, int seed)
    {
        var training = new List<long>(images.Count);
        var validation = new List<long>();
        foreach (var shuffled in ShuffledByClass(images, seed))
        {
            var count = Math.Max(0, Math.Min((int)Math.Round(shuffled.Length * fraction), shuffled.Length - 1));
            validation.AddRange(shuffled[..count]);
            training.AddRange(shuffled[count..]);
        }
        return ([.. training.Order()], [.. validation.Order()]);
    }

    /// <summary>The validation images are one of several folds. Every class is spread evenly over the folds.</summary>
    /// <exception cref="InvalidImageDataException">A class has fewer images than there are folds.</exception>
    public static (long[] Training, long[] Validation) ByFold(ImageDataset images, int folds, int fold, int seed)
    {
        var counts = images.LabelCounts;
        var least = Enumerable.Range(0, counts.Length).Where(c => counts[c] > 0).MinBy(c => counts[c]);
        if (counts[least] < folds)
        {
            throw new InvalidImageDataException(
                ErrorCodes.TooFewImages,
                $"The class '{images.Classes[least]}' has {counts[least]} images, fewer than the {folds} folds. Use "
                    + "fewer folds, or add images of this class.");
        }
        // Assigns the images of one class after the other to the folds in turn, so that folds also have equal sizes.
        var dealt = ShuffledByClass(images, seed)
            .SelectMany(members => members)
            .Select((image, i) => (image, Fold: i % folds))
            .ToLookup(p => p.Fold == fold, p => p.image);
        return ([.. dealt[false].Order()], [.. dealt[true].Order()]);
    }

    private static IEnumerable<long[]> ShuffledByClass(ImageDataset images, int seed)
    {
        var random = new Random(seed);
        var byClass = Array.ConvertAll(images.LabelCounts, count => new List<long>(count));
        var labels = images.LabelValues;
        for (var i = 0; i < images.Count; i++) byClass[labels[i]].Add(i);
        foreach (var members in byClass)
        {
            var shuffled = members.ToArray();
            random.Shuffle(shuffled);
            yield return shuffled;
        }
    }
}
