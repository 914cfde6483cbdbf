namespace Microsoft.ML.PaT.Data;

/// <summary>Chooses the images among files.</summary>
internal static class ImageSelection
{
    /// <summary>Number of bytes by which formats are recognized.</summary>
    private const int SignatureBytes = 16;

    /// <summary>The files that are images by their extension or their content, each once.</summary>
    public static List<FoundFile> Select(IEnumerable<FoundFile> files, LeftOutFiles leftOut)
    {
        var images = new List<FoundFile>();
        foreach (var file in files)
            if (IsImage(file)) images.Add(file);
            else leftOut.Add(Reason(file.Name));
        return images;
    }

    /// <summary>
    /// Whether to decode a file. The extension of an image is enough, because training reports damaged images by name.
    /// </summary>
    public static bool IsImage(FoundFile file) =>
        ImageDecoder.HasImageExtension(file.Name) || ImageDecoder.HasImageContent(file.Read(SignatureBytes));

    private static string Reason(string name) => Path.GetExtension(name) is { Length: > 1 } extension
        ? $"{extension.ToLowerInvariant()} file that is not a {ImageDecoder.Formats}"
        : $"file without an extension that is not a {ImageDecoder.Formats}";
}
