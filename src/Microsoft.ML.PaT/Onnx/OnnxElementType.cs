namespace Microsoft.ML.PaT.Onnx;

/// <summary>Element types; the values are the numbers of TensorProto.DataType.</summary>
internal enum OnnxElementType
{
    Float32 = 1,
    UInt8 = 2,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
}
