using Google.Protobuf;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>
/// A protocol buffers message. Fields are collected first and written later, because nested messages are preceded by
/// their length. Repeated numbers are not packed, as in proto2.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>Size of the encoded message in bytes.</summary>
    public long Size { get; private set; }

    public ProtoMessage Integer(int field, long value) =>
        Add(field, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), o => o.WriteInt64(value));

    public ProtoMessage Integers(int field, IEnumerable<long> values)
    {
        foreach (var value in values) Integer(field, value);
        return this;
    }

    public ProtoMessage Float(int field, float value) =>
        Add(field, WireFormat.WireType.Fixed32, sizeof(float), o => o.WriteFloat(value));

    public ProtoMessage Double(int field, double value) =>
        Add(field, WireFormat.WireType.Fixed64, sizeof(double), o => o.WriteDouble(value));

    public ProtoMessage Text(int field, string value) =>
        Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeStringSize(value), o =>
            o.WriteString(value));

    /// <summary>The bytes are kept, not copied.</summary>
    public ProtoMessage Bytes(int field, ReadOnlyMemory<byte> value)
    {
        var bytes = UnsafeByteOperations.UnsafeWrap(value);
        return Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeBytesSize(bytes), o =>
            o.WriteBytes(bytes));
    }

    /// <summary>The nested message must be complete: its size is read here.</summary>
    public ProtoMessage Message(int field, ProtoMessage value)
    {
        var size = value.Size;
        return Add(
            field,
            WireFormat.WireType.LengthDelimited,
            CodedOutputStream.ComputeUInt64Size((ulong)size) + size,
            o =>
            {
                o.WriteLength(checked((int)size));
                value.WriteTo(o);
            });
    }

    public ProtoMessage Messages(int field, IEnumerable<ProtoMessage> values)
    {
        foreach (var value in values) Message(field, value);
        return this;
    }

    public void WriteTo(CodedOutputStream output)
    {
        foreach (var write in _fields) write(output);
    }

    private ProtoMessage Add(int field, WireFormat.WireType type, long size, Action<CodedOutputStream> write)
    {
        Size += CodedOutputStream.ComputeTagSize(field) + size;
        _fields.Add(o =>
        {
            o.WriteTag(field, type);
            write(o);
        });
        return this;
    }
}
