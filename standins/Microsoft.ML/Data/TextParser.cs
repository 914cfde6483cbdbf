using System.Globalization;
using System.Numerics;

namespace Microsoft.ML;

/// <summary>Reads values out of text. No text, "?" and "NaN" are the missing value of a real number; text that is no value at all is an error.</summary>
internal static class TextParser
{
    internal static ItemConverter<ReadOnlyMemory<char>, T> Of<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Boolean => As<T, bool>(Flag),
        TypeCode.DateTime => As<T, DateTime>((in ReadOnlyMemory<char> text, ref DateTime value) => value = text.Span.Trim().IsEmpty ? default : DateTime.Parse(text.Span, CultureInfo.InvariantCulture)),
        TypeCode.Single => As<T, float>((in ReadOnlyMemory<char> text, ref float value) => value = (float)Real(text)),
        TypeCode.Double => As<T, double>((in ReadOnlyMemory<char> text, ref double value) => value = Real(text)),
        TypeCode.Object when typeof(T) == typeof(ReadOnlyMemory<char>) => As<T, ReadOnlyMemory<char>>((in ReadOnlyMemory<char> text, ref ReadOnlyMemory<char> value) => value = text),
        TypeCode.Object when typeof(T) == typeof(TimeSpan) => As<T, TimeSpan>((in ReadOnlyMemory<char> text, ref TimeSpan value) => value = text.Span.Trim().IsEmpty ? default : TimeSpan.Parse(text.Span, CultureInfo.InvariantCulture)),
        TypeCode.Object => As<T, DateTimeOffset>((in ReadOnlyMemory<char> text, ref DateTimeOffset value) => value = text.Span.Trim().IsEmpty ? default : DateTimeOffset.Parse(text.Span, CultureInfo.InvariantCulture)),
        _ => (ItemConverter<ReadOnlyMemory<char>, T>)Generic.Call(null, typeof(TextParser), nameof(OfInteger), [typeof(T)]),
    };

    private static ItemConverter<ReadOnlyMemory<char>, T> As<T, TValue>(ItemConverter<ReadOnlyMemory<char>, TValue> converter) =>
        (ItemConverter<ReadOnlyMemory<char>, T>)(object)converter;

    private static ItemConverter<ReadOnlyMemory<char>, T> OfInteger<T>() where T : struct, IBinaryInteger<T> => (in ReadOnlyMemory<char> text, ref T value) =>
    {
        var span = text.Span.Trim();
        if (span.IsEmpty) value = T.Zero;
        else if (!T.TryParse(span, NumberStyles.Integer, CultureInfo.InvariantCulture, out value))
            throw new InvalidOperationException($"Could not parse value '{span}' as {typeof(T).Name}.");
    };

    private static double Real(ReadOnlyMemory<char> text)
    {
        var span = text.Span.Trim();
        if (span.IsEmpty || span is "?" || span.Equals("NaN", StringComparison.OrdinalIgnoreCase)) return double.NaN;
        return double.TryParse(span, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value
            : throw new InvalidOperationException($"Could not parse value '{span}' as a real number.");
    }

    private static void Flag(in ReadOnlyMemory<char> text, ref bool value)
    {
        var span = text.Span.Trim();
        if (span.IsEmpty || Is(span, "0", "false", "no", "f", "n", "-", "-1")) value = false;
        else if (Is(span, "1", "true", "yes", "t", "y", "+", "+1")) value = true;
        else throw new InvalidOperationException($"Could not parse value '{span}' as Boolean.");
    }

    private static bool Is(ReadOnlySpan<char> span, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
            if (span.Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
