namespace PaT.Cli;

/// <summary>The images of a run by their use.</summary>
/// <param name="Validation">Images to score after each epoch.</param>
/// <param name="Test">Images to score once at the end: the whole test part.</param>
internal sealed record DataSplit(IReadOnlyList<Image> Train, IReadOnlyList<Image> Validation, IReadOnlyList<Image> Test)
{
    private const int MostValidation = 2000;
    private const int LeastValidation = 500;
    private const double ValidationFraction = 0.05;

    /// <summary>Chooses the images of a run, and leaves out test images that cannot be read.</summary>
    /// <param name="settings">How many to train on, the seed, and how many may be unreadable.</param>
    /// <param name="say">Receives a line about test images that are left out.</param>
    /// <exception cref="PaTException"><c>--limit</c> is less than the number of classes, or too many test images are
    /// unreadable.</exception>
    public static DataSplit Of(
        LabeledImages set, RunSettings settings, Action<string> say, CancellationToken cancellation)
    {
        var split = Of(set, settings.Limit, settings.Options.Seed);
        var allowed = settings.Options.MaxUnreadableFraction;
        return split with { Test = ReadableImages.Of(set, split.Test, allowed, say, cancellation) };
    }

    /// <summary>
    /// Chooses images. Without validation images in the set, they are chosen from the images that are not trained on,
    /// if there are at least 5% as many; otherwise they are 5% of each class, which are not trained on.
    /// </summary>
    /// <param name="images">Number of images to train on; null for all.</param>
    /// <exception cref="InvalidOptionsException">The number is less than the number of classes.</exception>
    public static DataSplit Of(LabeledImages set, int? images, int seed)
    {
        if (images < set.Classes.Count)
        {
            throw new InvalidOptionsException(
                CliErrorCodes.ArgumentInvalid,
                $"--limit {images} is fewer than the {set.Classes.Count} classes of {set.Origin}: give at least one "
                    + "image per class, better a hundred");
        }

        var train = images is { } count ? Subset.Balanced(set.Train, count, seed) : [.. set.Train];
        if (set.Validation.Count > 0) return new DataSplit(train, set.Validation, set.Test);

        var rest = Subset.Without(set.Train, train);

        // Few enough to take far less time than training, and enough to show a trend.
        var wanted = Math.Clamp(train.Count / 4, LeastValidation, MostValidation);
        if (rest.Count >= ValidationFraction * train.Count)
            return new DataSplit(train, Subset.Balanced(rest, wanted, seed), set.Test);

        var validation = Subset.Stratified(train, ValidationFraction, seed);
        return new DataSplit(Subset.Without(train, validation), validation, set.Test);
    }
}
