namespace Microsoft.ML.PaT.Onnx;

/// <summary>A value in an ONNX graph.</summary>
/// <param name="IsVector">Whether the shape is [N,C], as matrix products require, rather than [N,C,H,W], as
/// convolutions require.</param>
internal readonly record struct OnnxValue(string Name, bool IsVector = false);
