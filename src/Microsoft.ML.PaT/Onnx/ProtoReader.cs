using Google.Protobuf;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>
/// Reads one protocol buffers message field by field. Nested messages and bytes are slices of the same buffer.
/// </summary>
internal sealed class ProtoReader
{
    private readonly byte[] _buffer;
    private readonly CodedInputStream _input;
    private WireFormat.WireType _type;

    public ProtoReader(byte[] buffer) : this(buffer, 0, buffer.Length)
    {
    }

    private ProtoReader(byte[] buffer, int start, int length)
    {
        _buffer = buffer;
        _input = new CodedInputStream(buffer, start, length);
    }

    /// <summary>Moves to the next field. The caller must then read or skip its value.</summary>
    /// <returns>False at the end of the message.</returns>
    public bool Next(out int field)
    {
        var tag = _input.ReadTag();
        (field, _type) = (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag));
        return tag != 0;
    }

    public void Skip() => _input.SkipLastField();

    public long Integer()
    {
        Expect(WireFormat.WireType.Varint);
        return _input.ReadInt64();
    }

    public float Float()
    {
        Expect(WireFormat.WireType.Fixed32);
        return _input.ReadFloat();
    }

    public string Text()
    {
        Expect(WireFormat.WireType.LengthDelimited);
        return _input.ReadString();
    }

    /// <summary>Not copied.</summary>
    public ReadOnlyMemory<byte> Bytes()
    {
        var (start, length) = Slice();
        return _buffer.AsMemory(start, length);
    }

    public ProtoReader Message()
    {
        var (start, length) = Slice();
        return new(_buffer, start, length);
    }

    /// <summary>Adds one number or a packed list of numbers.</summary>
    public void Integers(List<long> values)
    {
        if (_type == WireFormat.WireType.Varint) values.Add(_input.ReadInt64());
        else
            for (var packed = Message(); !packed._input.IsAtEnd;) values.Add(packed._input.ReadInt64());
    }

    /// <summary>Adds one number or a packed list of numbers.</summary>
    public void Floats(List<float> values)
    {
        if (_type == WireFormat.WireType.Fixed32) values.Add(_input.ReadFloat());
        else
            for (var packed = Message(); !packed._input.IsAtEnd;) values.Add(packed._input.ReadFloat());
    }

    /// <summary>Adds one number or a packed list of numbers.</summary>
    public void Doubles(List<double> values)
    {
        if (_type == WireFormat.WireType.Fixed64) values.Add(_input.ReadDouble());
        else
            for (var packed = Message(); !packed._input.IsAtEnd;) values.Add(packed._input.ReadDouble());
    }

    private (int Start, int Length) Slice()
    {
        Expect(WireFormat.WireType.LengthDelimited);
        // The position counts from the start of the whole buffer; a length has at most five bytes.
        var before = (int)_input.Position;
        var length = new CodedInputStream(_buffer, before, Math.Min(5, _buffer.Length - before)).ReadLength();
        _input.SkipLastField();
        return ((int)_input.Position - length, length);
    }

    private void Expect(WireFormat.WireType type)
    {
        if (_type != type) throw new InvalidDataException($"a field has wire type {_type} in place of {type}");
    }
}
