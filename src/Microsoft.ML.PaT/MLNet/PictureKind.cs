namespace Microsoft.ML.PaT;

/// <summary>What an image column holds.</summary>
internal enum PictureKind
{
    /// <summary>Decoded pictures, <c>MLImage</c>.</summary>
    Image,

    /// <summary>The bytes of picture files.</summary>
    Encoded,

    /// <summary>Vectors of pixel values, one byte each.</summary>
    BytePixels,

    /// <summary>Vectors of pixel values, floats from 0 to 255.</summary>
    FloatPixels,
}
