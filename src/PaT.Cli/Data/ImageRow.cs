
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

    /// <summary>Returns the content on demand; null if <see cref="Image"/> is set.</summary>
    internal Func<byte[]>? Read { get; init; }
}
