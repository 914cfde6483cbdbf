namespace PaT.Cli;

/// <summary>A set of labeled images with its training and test parts.</summary>
/// <param name="Name">What it is called in tables and reports, such as <c>CIFAR-10</c>.</param>
/// <param name="Origin">Where it was found, for people.</param>
/// <param name="Encoded">True for encoded files (JPEG, PNG, ...), false for raw 32x32 planar RGB.</param>
/// <param name="Train">Images to train on.</param>
/// <param name="Test">Images to test with.</param>
internal sealed record LabeledImages(string Name, string Origin, bool Encoded, IReadOnlyList<Image> Train, IReadOnlyList<Image> Test)
{
    /// <summary>Names of the classes in alphabetical order.</summary>
    public IReadOnlyList<string> Classes { get; } = [.. Train.Select(p => p.Label).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Checks that there is something to tell apart.</summary>
    /// <returns>This set.</returns>
    /// <exception cref="InvalidImageDataException">No images, a single class, or a test class that is not trained.</exception>
    public LabeledImages Checked()
    {
        if (Train.Count == 0)
        {
            throw new InvalidImageDataException($"no images in {Origin}: expected one folder per class with images in it ({string.Join(", ", ImageFiles.Extensions)}; optionally below train/ and test/)");
        }

        if (Classes.Count < 2)
        {
            throw new InvalidImageDataException($"a single class ('{Classes[0]}') in {Origin}: a classifier needs at least two folders with images");
        }

        if (Test.Count == 0)
        {
            throw new InvalidImageDataException($"no test images in {Origin}: give test/CLASS/ images, or at least two images in a class so that some can be held out");
        }

        var unknown = Test.Select(p => p.Label).Distinct().Except(Classes).Order(StringComparer.Ordinal).ToList();
        return unknown.Count == 0
            ? this
            : throw new InvalidImageDataException($"the test part of {Origin} has classes that the training part lacks: {string.Join(", ", unknown.Take(5))}; add training images for them or remove them");
    }
}
