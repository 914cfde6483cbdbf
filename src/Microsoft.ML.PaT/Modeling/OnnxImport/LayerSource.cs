namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// The output of a layer, or the images. Element ((n C + c) H + h) W + w is channel c of the pixel at (h, w) of image
/// n.
/// </summary>
/// <param name="image">Shape of the output per image, [C,H,W].</param>
internal sealed class LayerSource(string name, int images, ImageShape image) : ImportSource
{
    public string Name { get; } = name;

    public int Images { get; } = images;

    public ImageShape Image { get; } = image;

    /// <summary>Pixels per image.</summary>
    public int Pixels { get; } = checked(image.Height * image.Width);

    /// <summary>Pixels of all images in the batch.</summary>
    public int Sites => Images * Pixels;

    public override long Count => (long)Sites * Image.Channels;

    /// <summary>Whether this source is the images.</summary>
    public bool IsInput => Name == NetworkDefinition.InputName;

    /// <summary>Channel of an element.</summary>
    public int Channel(long element) => (int)(element / Pixels % Image.Channels);

    /// <summary>Pixel of an element, counted over all images: n H W + h W + w.</summary>
    public int Site(long element) => (int)(element / Pixels / Image.Channels * Pixels + element % Pixels);

    /// <summary>Index of an element.</summary>
    public long Element(int channel, int site) =>
        ((long)(site / Pixels) * Image.Channels + channel) * Pixels + site % Pixels;
}
