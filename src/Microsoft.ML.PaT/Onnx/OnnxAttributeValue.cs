namespace Microsoft.ML.PaT.Onnx;

/// <summary>
/// An attribute of an ONNX node. Only the property of the attribute's type has a value; the others are empty.
/// </summary>
internal sealed record OnnxAttributeValue(string Name)
{
    public float Float { get; init; }

    public long Integer { get; init; }

    public string Text { get; private init; } = "";

    public OnnxTensor? Tensor { get; private init; }

    public float[] Floats { get; private init; } = [];

    public long[] Integers { get; private init; } = [];

    public static OnnxAttributeValue Read(ProtoReader reader, OnnxDataFiles files)
    {
        const int name = 1, number = 2, integer = 3, text = 4, tensor = 5, floats = 7, integers = 8;
        var (list, numbers) = (new List<long>(), new List<float>());
        var value = new OnnxAttributeValue("");
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case name: value = value with { Name = reader.Text() }; break;
                case number: value = value with { Float = reader.Float() }; break;
                case integer: value = value with { Integer = reader.Integer() }; break;
                case text: value =
                    value with { Text = System.Text.Encoding.UTF8.GetString(reader.Bytes().Span) }; break;
                case tensor: value = value with { Tensor = OnnxTensor.Read(reader.Message(), files) }; break;
                case floats: reader.Floats(numbers); break;
                case integers: reader.Integers(list); break;
                default: reader.Skip(); break;
            }
        }
        return value with { Integers = [.. list], Floats = [.. numbers] };
    }
}
