namespace Microsoft.ML.PaT.Samples;

/// <summary>A row with an encoded picture (JPEG, PNG, BMP or GIF).</summary>
public sealed class PictureRow
{
    /// <summary>The content of the picture's file.</summary>
    public byte[] Image { get; set; } = [];

    /// <summary>Its class.</summary>
    public string Label { get; set; } = "";

    /// <summary>Where it comes from, for people.</summary>
    public string Name { get; set; } = "";
}
