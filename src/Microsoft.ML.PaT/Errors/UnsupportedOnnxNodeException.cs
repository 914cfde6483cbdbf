namespace Microsoft.ML.PaT;

/// <summary>A node of an ONNX model does not correspond to any layer; the message names the node, its operator and what was expected.</summary>
/// <param name="node">Name of the node, or of its first output where the node has none.</param>
/// <param name="operation">Its operator, such as <c>Resize</c>.</param>
/// <param name="expected">What the importer expected there.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class UnsupportedOnnxNodeException(string node, string operation, string expected, Exception? innerException = null)
    : PaTException($"The ONNX node '{node}' ({operation}) cannot be imported: {expected}.", innerException)
{
    /// <summary>Name of the node, or of its first output where the node has none.</summary>
    public string Node { get; } = node;

    /// <summary>Its operator, such as <c>Resize</c>.</summary>
    public string Operator { get; } = operation;
}
