namespace Microsoft.ML.PaT.Onnx;

/// <summary>An input or output of an ONNX graph.</summary>
/// <param name="ElementType">A number of TensorProto.DataType; 0 if the value is not a tensor.</param>
/// <param name="Shape">Dimensions, null for dynamic ones; null if the file gives no shape.</param>
internal sealed record OnnxValueInfo(string Name, int ElementType, IReadOnlyList<long?>? Shape)
{
    public bool IsWhole => (OnnxElementType)ElementType
        is OnnxElementType.UInt8
            or OnnxElementType.Int8
            or OnnxElementType.UInt16
            or OnnxElementType.Int16
            or OnnxElementType.Int32
            or OnnxElementType.Int64
            or OnnxElementType.UInt32
            or OnnxElementType.UInt64;

    public bool IsFloat => (OnnxElementType)ElementType
        is OnnxElementType.Float32
            or OnnxElementType.Float16
            or OnnxElementType.Float64
            or OnnxElementType.BFloat16;

    public static OnnxValueInfo Read(ProtoReader reader)
    {
        const int name = 1, type = 2, tensorType = 1;
        var info = new OnnxValueInfo("", 0, null);
        while (reader.Next(out var field))
        {
            if (field == name) info = info with { Name = reader.Text() };
            else if (field == type)
            {
                var kind = reader.Message();
                while (kind.Next(out var which))
                {
                    if (which == tensorType) info = ReadTensor(info, kind.Message());
                    else kind.Skip();
                }
            }
            else reader.Skip();
        }
        return info;
    }

    private static OnnxValueInfo ReadTensor(OnnxValueInfo info, ProtoReader reader)
    {
        const int elementType = 1, shape = 2, dimension = 1;
        while (reader.Next(out var field))
        {
            if (field == elementType) info = info with { ElementType = checked((int)reader.Integer()) };
            else if (field == shape)
            {
                var extents = new List<long?>();
                var dimensions = reader.Message();
                while (dimensions.Next(out var which))
                {
                    if (which == dimension) extents.Add(ReadExtent(dimensions.Message()));
                    else dimensions.Skip();
                }
                info = info with { Shape = extents };
            }
            else reader.Skip();
        }
        return info;
    }

    private static long? ReadExtent(ProtoReader reader)
    {
        const int value = 1;
        long? extent = null;
        while (reader.Next(out var field))
        {
            if (field == value) extent = reader.Integer();
            else reader.Skip();
        }
        return extent;
    }
}
