namespace Microsoft.ML.PaT.Onnx;

/// <summary>Builds AttributeProto messages.</summary>
internal static class OnnxAttribute
{
    private const int Name = 1, Float = 2, Integer = 3, Integers = 8, Type = 20;
    private const int FloatType = 1, IntegerType = 2, IntegersType = 7;

    public static ProtoMessage Of(string name, float value) =>
        new ProtoMessage().Text(Name, name).Float(Float, value).Integer(Type, FloatType);

    public static ProtoMessage Of(string name, long value) =>
        new ProtoMessage().Text(Name, name).Integer(Integer, value).Integer(Type, IntegerType);

    public static ProtoMessage Of(string name, params long[] values) =>
        new ProtoMessage().Text(Name, name).Integers(Integers, values).Integer(Type, IntegersType);

    public static ProtoMessage[] Window(int kernel, int stride, int padding) =>
        Window(kernel, kernel, stride, padding, padding);

    /// <summary>
    /// The padding is symmetric: the given numbers of rows at the top and bottom, and of columns at the sides.
    /// </summary>
    public static ProtoMessage[] Window(int height, int width, int stride, int padding, int sides) =>
        [
            Of("kernel_shape", [height, width]),
            Of("strides", [stride, stride]),
            Of("pads", [padding, sides, padding, sides]),
        ];
}
