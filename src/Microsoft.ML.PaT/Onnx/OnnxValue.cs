namespace Microsoft.ML.PaT.Onnx;

/// <summary>A value in an ONNX graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsVector">Whether it is [N,C] rather than [N,C,H,W]: matrix products want the one, convolutions the other.</param>
internal readonly record struct OnnxValue(string Name, bool IsVector = false);
