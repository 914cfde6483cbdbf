namespace Microsoft.ML.PaT.Data;

/// <summary>Format of an image column.</summary>
internal enum ImageColumnKind
{
    /// <summary>Decoded images, <c>MLImage</c>.</summary>
    Image,

    /// <summary>Content of image files.</summary>
    Encoded,

    /// <summary>Vectors of pixel values, one byte each.</summary>
    BytePixels,

    /// <summary>Vectors of pixel values, floats from 0 to 255.</summary>
    FloatPixels,
}
