using TorchSharp;

namespace Microsoft.ML.PaT.Serving;

/// <summary>Element types of the safetensors format by name.</summary>
internal static class SafetensorsType
{
    private static readonly Dictionary<string, (torch.ScalarType Type, int Size)> s_types = new()
    {
        ["F64"] = (torch.ScalarType.Float64, 8),
        ["F32"] = (torch.ScalarType.Float32, 4),
        ["F16"] = (torch.ScalarType.Float16, 2),
        ["BF16"] = (torch.ScalarType.BFloat16, 2),
        ["I64"] = (torch.ScalarType.Int64, 8),
        ["I32"] = (torch.ScalarType.Int32, 4),
        ["I16"] = (torch.ScalarType.Int16, 2),
        ["I8"] = (torch.ScalarType.Int8, 1),
        ["U8"] = (torch.ScalarType.Byte, 1),
        ["BOOL"] = (torch.ScalarType.Bool, 1),
    };

    /// <summary>Finds a type by its name.</summary>
    /// <returns>False if the format or this library does not have the type.</returns>
    public static bool TryParse(string name, out torch.ScalarType type, out int size)
    {
        var known = s_types.TryGetValue(name, out var entry);
        (type, size) = entry;
        return known;
    }

    public static string NameOf(torch.ScalarType type) => s_types.First(t => t.Value.Type == type).Key;
}
