namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Source of imported values: a layer's output or attention scores.</summary>
internal abstract class ImportSource
{
    /// <summary>Number of elements.</summary>
    public abstract long Count { get; }
}
