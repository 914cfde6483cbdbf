namespace Microsoft.ML.PaT;

/// <summary>
/// An image file and its class: a row for <c>LoadFromEnumerable</c> with the columns <c>Image</c>, <c>Label</c>,
/// <c>Name</c> and <c>ImagePath</c>.
/// </summary>
public sealed class LabeledImage
{
    private readonly Func<byte[]> _read;

    internal LabeledImage(string name, string label, string imagePath, Func<byte[]> read)
    {
        (Name, Label, ImagePath) = (name, label, imagePath);
        _read = read;
    }

    /// <summary>The content of the image file (JPEG, PNG, GIF, BMP or WebP), read at each access.</summary>
    /// <value>Empty if the file cannot be opened; training then counts the image as unreadable.</value>
    public byte[] Image => _read();

    /// <summary>The name of the class, in Unicode normalization form C.</summary>
    public string Label { get; }

    /// <summary>The path of the file below the folder or within the archive, with slashes.</summary>
    public string Name { get; }

    /// <summary>The full path of the file; empty for an image of an archive.</summary>
    public string ImagePath { get; }
}
