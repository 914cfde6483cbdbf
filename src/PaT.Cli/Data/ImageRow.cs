
namespace PaT.Cli;

/// <summary>A row with an encoded image (JPEG, PNG, GIF, BMP or WebP).</summary>
public sealed class ImageRow
{
    private byte[]? _image;

    /// <summary>
    /// The content of the image's file. It is read on each access, because passes over the labels alone need no images.
    /// </summary>
    public byte[] Image
    {
        get => _image ??= Read?.Invoke() ?? [];
        set => _image = value;
    }

    /// <summary>Class of the image.</summary>
    public string Label { get; set; } = "";

    /// <summary>Name of the image.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// Full path of the image's file, whose length and time show whether decoded images are still those of the files;
    /// empty if it has no file of its own.
    /// </summary>
    public string ImagePath { get; set; } = "";

    /// <summary>Returns the content on demand; null if <see cref="Image"/> is set.</summary>
    internal Func<byte[]>? Read { get; init; }
}
