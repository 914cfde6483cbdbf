namespace PaT.Cli;

/// <summary>A set of labeled images with its parts.</summary>
/// <param name="Name">Name in tables and reports, such as <c>CIFAR-10</c>.</param>
/// <param name="Encoded">True for encoded files (JPEG, PNG, ...), false for raw 32x32 planar RGB.</param>
internal sealed record LabeledImages(
    string Name, string Origin, bool Encoded, IReadOnlyList<Image> Train, IReadOnlyList<Image> Test)
{
    /// <summary>The fraction of each class that is held out for testing if the source has no test part.</summary>
    private const double TestFraction = 0.2;

    private const int SplitSeed = 10;

    private static readonly string[] s_cifarClasses =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Images for the accuracy after each epoch; empty if the source has no validation part.</summary>
    public IReadOnlyList<Image> Validation { get; init; } = [];

    /// <summary>Number of files that were left out, by reason.</summary>
    public IReadOnlyDictionary<string, int> LeftOut { get; init; } = new Dictionary<string, int>();

    /// <summary>Names of the classes in alphabetical order.</summary>
    public IReadOnlyList<string> Classes { get; } =
        [.. Train.Select(p => p.Label).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The images of a folder, without holding any out.</summary>
    public static LabeledImages Of(ImageFolder folder)
    {
        var train = Images(folder.Training);
        return new(NameOf(folder), folder.Path, Encoded: true, train, Images(folder.Test))
        {
            Validation = Images(folder.Validation),
            LeftOut = folder.LeftOut,
        };

        static List<Image> Images(IEnumerable<LabeledImage> images) =>
            [.. images.Select(i => new Image(i.Name, i.Label, () => i.Image) { Path = i.ImagePath })];
    }

    /// <summary>The set for training. If there is no test part, a fifth of each class is held out.</summary>
    /// <exception cref="InvalidImageDataException">
    /// No images, a single class, or a test class that is not trained.
    /// </exception>
    public LabeledImages ForTraining()
    {
        if (Train.Count == 0 || Test.Count > 0) return Checked();
        var test = Subset.Stratified(Train, TestFraction, SplitSeed);
        return (this with { Train = Subset.Without(Train, test), Test = test }).Checked();
    }

    /// <summary>
    /// The images that evaluation scores: the test images; without them the validation images; without these, all.
    /// </summary>
    public (string Part, IReadOnlyList<Image> Images) ForEvaluation() =>
        Test.Count > 0 ? ("test", Test) : Validation.Count > 0 ? ("validation", Validation) : ("given", Train);

    /// <summary>
    /// Checks that there are at least two classes, and that the training part has the classes of all parts.
    /// </summary>
    /// <returns>This set.</returns>
    /// <exception cref="InvalidImageDataException">
    /// No images, a single class, or a test class that is not trained.
    /// </exception>
    public LabeledImages Checked()
    {
        if (Train.Count == 0)
        {
            throw new InvalidImageDataException(
                ErrorCodes.ImageSourceInvalid,
                $"no images to train on in {Origin}: expected one folder per class with images in it "
                + $"({string.Join(", ", ImageDecoder.Extensions)}; optionally below train/, val/ and test/)"
                + LeftOutText);
        }

        if (Classes.Count < 2)
        {
            throw new InvalidImageDataException(
                ErrorCodes.SingleClass,
                $"a single class ('{Classes[0]}') in {Origin}: a classifier needs at least two folders with images");
        }

        if (Test.Count == 0)
        {
            throw new InvalidImageDataException(
                CliErrorCodes.TestImagesMissing,
                $"no test images in {Origin}: give test/CLASS/ images, or at least two images in a class so that some "
                + "can be held out");
        }

        var unknown = Test.Concat(Validation).Select(p => p.Label).Distinct().Except(Classes)
            .Order(StringComparer.Ordinal).ToList();
        if (unknown.Count == 0) return this;
        throw new InvalidImageDataException(
            ErrorCodes.LabelMissing,
            $"the test or validation part of {Origin} has classes that the training part lacks: "
            + $"{string.Join(", ", unknown.Take(5))}; add training images for them or remove them");
    }

    /// <summary>One line with the images that were found and left out.</summary>
    public override string ToString()
    {
        var validation = Validation.Count > 0
            ? FormattableString.Invariant($", {Validation.Count:N0} validation")
            : "";
        var parts = FormattableString.Invariant(
            $"{Train.Count:N0} training{validation} and {Test.Count:N0} test images");
        var classes = Train.Concat(Validation).Concat(Test).Select(i => i.Label).Distinct().Count();
        return $"data: {Name}, {classes} classes, {parts}, from {Origin}{UntestedText}{LeftOutText}";
    }

    private string UntestedText
    {
        get
        {
            var untested = Classes.Except(Test.Select(i => i.Label)).ToList();
            return Test.Count == 0 || untested.Count == 0
                ? ""
                : "; without test images, so the accuracy is that of the other classes: "
                    + string.Join(", ", untested.Take(5)) + (untested.Count > 5 ? ", ..." : "");
        }
    }

    private string LeftOutText => LeftOut.Count == 0 ? "" : "; left out: "
        + string.Join(", ", LeftOut.Select(r => FormattableString.Invariant($"{r.Value:N0} × {r.Key}")));

    // Accuracies on recompressed images differ from those on CIFAR-10, so the set has another name.
    private static string NameOf(ImageFolder folder) =>
        folder is { Training.Count: 50_000, Test.Count: 10_000 } && folder.ClassNames.SequenceEqual(s_cifarClasses)
        ? "CIFAR-10 (JPEG)"
        : Path.GetFileName(Path.TrimEndingDirectorySeparator(folder.Path));
}
