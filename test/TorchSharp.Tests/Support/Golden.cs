using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace TorchSharp.Tests.Support;

/// <summary>One call that PyTorch made: a member, its arguments, what came back, and the first argument after it.</summary>
public sealed record GoldenCase(string Member, JsonElement[] Arguments, JsonElement[] Results, JsonElement After)
{
    public override string ToString() => $"{Member}({string.Join(", ", Arguments.Select(Describe))})";

    private static string Describe(JsonElement argument) => argument.ValueKind == JsonValueKind.Object
        ? argument.TryGetProperty("shape", out var shape) ? $"tensor{shape.GetRawText()}" : argument.EnumerateObject().First().Value.GetRawText() is { Length: < 40 } text ? text : "tensors"
        : argument.GetRawText();
}

/// <summary>The file that side_by_side.py wrote, and how its values become TorchSharp's.</summary>
internal static class Golden
{
    internal static IReadOnlyList<GoldenCase> Cases { get; } = Read();

    private static List<GoldenCase> Read()
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", "operators.json"));
        var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(c => new GoldenCase(
            c.GetProperty("member").GetString()!,
            [.. c.GetProperty("arguments").EnumerateArray()],
            [.. c.GetProperty("results").EnumerateArray()],
            c.GetProperty("after")))];
    }

    internal static Tensor ToTensor(JsonElement value)
    {
        var shape = value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()).ToArray();
        var dtype = Enum.Parse<ScalarType>(value.GetProperty("dtype").GetString()!);
        var numbers = value.GetProperty("tensor").EnumerateArray().Select(n => n.ValueKind switch
        {
            JsonValueKind.Null => double.NaN,
            JsonValueKind.String => n.GetString() == "inf" ? double.PositiveInfinity : double.NegativeInfinity,
            _ => n.GetDouble(),
        }).ToArray();
        return tensor(numbers, shape, ScalarType.Float64).to(dtype);
    }

    /// <summary>The argument as a parameter of this type takes it; false where it does not.</summary>
    internal static bool TryConvert(JsonElement value, Type type, out object? converted)
    {
        converted = null;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (value.ValueKind == JsonValueKind.Null) return !type.IsValueType || plain != type;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return Take(plain == typeof(bool), value.ValueKind == JsonValueKind.True, out converted);
        if (value.ValueKind == JsonValueKind.String) return Take(plain == typeof(string), value.GetString()!, out converted);
        if (value.ValueKind == JsonValueKind.Number)
            return Take(plain == typeof(long), value.TryGetInt64(out long whole) ? whole : 0, out converted) || Take(plain == typeof(int), (int)whole, out converted);
        if (value.TryGetProperty("real", out var real))
            return Take(plain == typeof(double), real.GetDouble(), out converted) || Take(plain == typeof(float), (float)real.GetDouble(), out converted)
                || Take(plain == typeof(Scalar), (Scalar)real.GetDouble(), out converted);
        if (value.TryGetProperty("ints", out var integers))
            return Take(plain == typeof(long[]), integers.EnumerateArray().Select(n => n.GetInt64()).ToArray(), out converted);
        if (value.TryGetProperty("enum", out var name)) return plain.IsEnum && Enum.TryParse(plain, name.GetString(), out converted);
        if (value.TryGetProperty("tensors", out var list))
            return Take(type.IsAssignableFrom(typeof(Tensor[])) && type != typeof(object), list.EnumerateArray().Select(ToTensor).ToArray(), out converted);
        return Take(plain == typeof(Tensor), ToTensor(value), out converted);
    }

    private static bool Take(bool fits, object value, out object? converted)
    {
        converted = fits ? value : null;
        return fits;
    }

    /// <summary>What a call returned, as a flat list: a tuple or a list of tensors is several results.</summary>
    internal static IReadOnlyList<object?> Results(object? returned) => returned switch
    {
        System.Runtime.CompilerServices.ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => tuple[i])],
        Tensor => [returned],
        IEnumerable list => [.. list.Cast<object?>()],
        _ => [returned],
    };

    internal static IEnumerable<MethodInfo> Overloads(string member)
    {
        var (type, flags) = member.Split('.')[0] switch
        {
            "Tensor" => (typeof(Tensor), BindingFlags.Instance),
            "functional" => (typeof(nn.functional), BindingFlags.Static),
            _ => (typeof(torch), BindingFlags.Static),
        };
        return type.GetMethods(flags | BindingFlags.Public).Where(method => method.Name == member.Split('.')[1]);
    }
}
