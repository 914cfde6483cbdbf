using Microsoft.ML.Data;

namespace PaT.Cli;

/// <summary>A row with the raw pixels of a 32x32 image.</summary>
public sealed class PixelRow
{
    /// <summary>Planar RGB, [3,32,32].</summary>
    [VectorType(CifarBatches.Pixels)]
    public byte[] Image { get; set; } = [];

    /// <summary>Class of the image.</summary>
    public string Label { get; set; } = "";

    /// <summary>Name of the image.</summary>
    public string Name { get; set; } = "";
}
