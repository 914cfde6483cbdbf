namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>What imported values are made of: the elements of a layer's output, or of attention's scores.</summary>
internal abstract class ImportSource
{
    /// <summary>Elements.</summary>
    public abstract long Count { get; }
}
