using System.Text;
using Google.Protobuf;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Fields of a protocol buffers message by number.</summary>
internal sealed class ProtoFields
{
    private readonly List<(int Field, object Value)> _fields = [];

    private ProtoFields(byte[] message)
    {
        var input = new CodedInputStream(message);
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            _fields.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadInt64(),
                WireFormat.WireType.Fixed64 => input.ReadDouble(),
                WireFormat.WireType.Fixed32 => (object)input.ReadFloat(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes().ToByteArray(),
                var other => throw new InvalidDataException($"wire type {other}"),
            }));
        }
    }

    public static ProtoFields Parse(byte[] message) => new(message);

    public long Integer(int field) => Integers(field).Single();

    public IEnumerable<long> Integers(int field) => All(field).Cast<long>();

    public float Float(int field) => (float)All(field).Single();

    public double Double(int field) => (double)All(field).Single();

    public string Text(int field) => Texts(field).Single();

    public IEnumerable<string> Texts(int field) => All(field).Select(v => Encoding.UTF8.GetString((byte[])v));

    public byte[] Bytes(int field) => (byte[])All(field).Single();

    public ProtoFields Message(int field) => Messages(field).Single();

    public IEnumerable<ProtoFields> Messages(int field) => All(field).Select(v => Parse((byte[])v));

    public bool Has(int field) => All(field).Any();

    private IEnumerable<object> All(int field) => _fields.Where(f => f.Field == field).Select(f => f.Value);
}
