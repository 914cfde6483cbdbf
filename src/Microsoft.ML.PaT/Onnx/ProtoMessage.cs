using Google.Protobuf;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>
/// A message of the protocol buffers format, built field by field and written once its size is known: a length stands before every nested
/// message. Field numbers are those of its .proto file; repeated numbers are not packed, as proto2 has it.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>Bytes of the message as written.</summary>
    public long Size { get; private set; }

    /// <summary>Adds a whole number.</summary>
    public ProtoMessage Integer(int field, long value) =>
        Add(field, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), o => o.WriteInt64(value));

    /// <summary>Adds several whole numbers.</summary>
    public ProtoMessage Integers(int field, IEnumerable<long> values)
    {
        foreach (var value in values) Integer(field, value);
        return this;
    }

    /// <summary>Adds a float.</summary>
    public ProtoMessage Float(int field, float value) =>
        Add(field, WireFormat.WireType.Fixed32, sizeof(float), o => o.WriteFloat(value));

    /// <summary>Adds a double.</summary>
    public ProtoMessage Double(int field, double value) =>
        Add(field, WireFormat.WireType.Fixed64, sizeof(double), o => o.WriteDouble(value));

    /// <summary>Adds a text.</summary>
    public ProtoMessage Text(int field, string value) =>
        Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeStringSize(value), o => o.WriteString(value));

    /// <summary>Adds bytes; they are kept, not copied.</summary>
    public ProtoMessage Bytes(int field, ReadOnlyMemory<byte> value)
    {
        var bytes = UnsafeByteOperations.UnsafeWrap(value);
        return Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeBytesSize(bytes), o => o.WriteBytes(bytes));
    }

    /// <summary>Adds a message, which must be complete: nothing may be added to it afterwards.</summary>
    public ProtoMessage Message(int field, ProtoMessage value)
    {
        var size = value.Size;
        return Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeUInt64Size((ulong)size) + size, o =>
        {
            o.WriteLength(checked((int)size));
            value.WriteTo(o);
        });
    }

    /// <summary>Adds messages.</summary>
    public ProtoMessage Messages(int field, IEnumerable<ProtoMessage> values)
    {
        foreach (var value in values) Message(field, value);
        return this;
    }

    /// <summary>Writes the fields in the order they were added.</summary>
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
