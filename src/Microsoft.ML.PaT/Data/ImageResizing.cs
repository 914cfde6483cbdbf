namespace Microsoft.ML.PaT;

/// <summary>
/// Resizing of images whose aspect ratio differs from the target's. Names are those of ML.NET's <c>ResizeImages</c>.
/// </summary>
public enum ImageResizing
{
    /// <summary>Stretches the image to the target size.</summary>
    Fill,

    /// <summary>Keeps the aspect ratio and pads with equal black bars on both sides.</summary>
    IsoPad,

    /// <summary>Keeps the aspect ratio and center-crops to the target size.</summary>
    IsoCrop,
}
