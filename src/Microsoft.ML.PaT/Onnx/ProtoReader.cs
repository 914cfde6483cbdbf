using Google.Protobuf;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>Reads one message of the protocol buffers format field by field. Nested messages and bytes are slices of the same buffer.</summary>
internal sealed class ProtoReader
{
    private readonly byte[] _buffer;
    private readonly CodedInputStream _input;
    private WireFormat.WireType _type;

    /// <summary>Starts at the beginning of a buffer that holds one message.</summary>
    public ProtoReader(byte[] buffer) : this(buffer, 0, buffer.Length)
    {
    }

    private ProtoReader(byte[] buffer, int start, int length)
    {
        _buffer = buffer;
        _input = new CodedInputStream(buffer, start, length);
    }

    /// <summary>Moves to the next field; the caller reads or skips its value.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>False at the end of the message.</returns>
    public bool Next(out int field)
    {
        var tag = _input.ReadTag();
        (field, _type) = (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag));
        return tag != 0;
    }

    /// <summary>Passes over the value.</summary>
    public void Skip() => _input.SkipLastField();

    /// <summary>A whole number.</summary>
    public long Integer()
    {
        Expect(WireFormat.WireType.Varint);
        return _input.ReadInt64();
    }

    /// <summary>A float.</summary>
    public float Float()
    {
        Expect(WireFormat.WireType.Fixed32);
        return _input.ReadFloat();
    }

    /// <summary>A text.</summary>
    public string Text()
    {
        Expect(WireFormat.WireType.LengthDelimited);
        return _input.ReadString();
    }

    /// <summary>Bytes, not copied.</summary>
    public ReadOnlyMemory<byte> Bytes()
    {
        var (start, length) = Slice();
        return _buffer.AsMemory(start, length);
    }

    /// <summary>A nested message.</summary>
    public ProtoReader Message()
    {
        var (start, length) = Slice();
        return new(_buffer, start, length);
    }

    /// <summary>Adds one whole number, or a packed list of them.</summary>
    public void Integers(List<long> values)
    {
        if (_type == WireFormat.WireType.Varint) values.Add(_input.ReadInt64());
        else
            for (var packed = Message(); !packed._input.IsAtEnd;) values.Add(packed._input.ReadInt64());
    }

    /// <summary>Adds one float, or a packed list of them.</summary>
    public void Floats(List<float> values)
    {
        if (_type == WireFormat.WireType.Fixed32) values.Add(_input.ReadFloat());
        else
            for (var packed = Message(); !packed._input.IsAtEnd;) values.Add(packed._input.ReadFloat());
    }

    /// <summary>Adds one double, or a packed list of them.</summary>
    public void Doubles(List<double> values)
    {
        if (_type == WireFormat.WireType.Fixed64) values.Add(_input.ReadDouble());
        else
            for (var packed = Message(); !packed._input.IsAtEnd;) values.Add(packed._input.ReadDouble());
    }

    private (int Start, int Length) Slice()
    {
        Expect(WireFormat.WireType.LengthDelimited);
        // The position counts from the beginning of the buffer; a length has at most five bytes.
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
