using Microsoft.ML.PaT.Modeling.OnnxImport;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>Attributes of ONNX nodes, as messages.</summary>
internal static class OnnxAttribute
{
    private const int Name = 1, Float = 2, Integer = 3, Integers = 8, Type = 20;
    private const int FloatType = 1, IntegerType = 2, IntegersType = 7;

    /// <summary>A float.</summary>
    public static ProtoMessage Of(string name, float value) => new ProtoMessage().Text(Name, name).Float(Float, value).Integer(Type, FloatType);

    /// <summary>A whole number.</summary>
    public static ProtoMessage Of(string name, long value) => new ProtoMessage().Text(Name, name).Integer(Integer, value).Integer(Type, IntegerType);

    /// <summary>Whole numbers.</summary>
    public static ProtoMessage Of(string name, params long[] values) => new ProtoMessage().Text(Name, name).Integers(Integers, values).Integer(Type, IntegersType);

    /// <summary>What convolutions and pools with square windows share.</summary>
    public static ProtoMessage[] Window(int kernel, int stride, int padding) => Window(kernel, kernel, stride, padding, padding);

    /// <summary>The same for windows of any form.</summary>
    public static ProtoMessage[] Window(int height, int width, int stride, int padding, int sides) =>
        [Of("kernel_shape", [height, width]), Of("strides", [stride, stride]), Of("pads", [padding, sides, padding, sides])];
}
