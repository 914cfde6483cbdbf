namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>The output of a layer, or the images: element ((n C + c) H + h) W + w is channel c of the pixel at (h, w) of image n.</summary>
/// <param name="name">Name of the layer, or <see cref="NetworkDefinition.InputName"/>.</param>
/// <param name="images">Images in a batch, as the file counts them.</param>
/// <param name="image">Shape of the output for one image, [C,H,W].</param>
internal sealed class LayerSource(string name, int images, ImageShape image) : ImportSource
{
    /// <summary>Name of the layer, or <see cref="NetworkDefinition.InputName"/>.</summary>
    public string Name { get; } = name;

    /// <summary>Images in a batch, as the file counts them.</summary>
    public int Images { get; } = images;

    /// <summary>Shape of the output for one image, [C,H,W].</summary>
    public ImageShape Image { get; } = image;

    /// <summary>Pixels of an image.</summary>
    public int Pixels { get; } = checked(image.Height * image.Width);

    /// <summary>Pixels of all images of the batch.</summary>
    public int Sites => Images * Pixels;

    /// <inheritdoc/>
    public override long Count => (long)Sites * Image.Channels;

    /// <summary>Whether these are the images themselves.</summary>
    public bool IsInput => Name == NetworkDefinition.InputName;

    /// <summary>The channel that an element belongs to.</summary>
    public int Channel(long element) => (int)(element / Pixels % Image.Channels);

    /// <summary>The pixel that an element belongs to, counted over all images: n H W + h W + w.</summary>
    public int Site(long element) => (int)(element / Pixels / Image.Channels * Pixels + element % Pixels);

    /// <summary>The number of an element.</summary>
    public long Element(int channel, int site) => ((long)(site / Pixels) * Image.Channels + channel) * Pixels + site % Pixels;
}
