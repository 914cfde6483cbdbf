using System.Globalization;
using System.Numerics;

namespace Microsoft.ML;

/// <summary>Reads a value out of text; false where the text is none, and the value then is the type's missing or default one.</summary>
internal delegate bool TextParse<T>(ReadOnlyMemory<char> text, out T value);

/// <summary>The parsers of all primitive kinds. No text is the default value; "?" and "NaN" are the missing value of a real number.</summary>
internal static class TextParser
{
    internal static TextParse<T> Of<T>()
    {
        if (typeof(T) == typeof(ReadOnlyMemory<char>)) return As<T, ReadOnlyMemory<char>>(Text);
        if (typeof(T) == typeof(bool)) return As<T, bool>(Flag);
        string method = typeof(T) == typeof(float) || typeof(T) == typeof(double) ? nameof(Real)
            : typeof(T).IsPrimitive ? nameof(Integer)
            : nameof(Moment);
        return (TextParse<T>)Generic.Call(null, typeof(TextParser), method, [typeof(T)]);
    }

    private static TextParse<T> As<T, TValue>(TextParse<TValue> parse) => (TextParse<T>)(object)parse;

    private static bool Text(ReadOnlyMemory<char> text, out ReadOnlyMemory<char> value)
    {
        value = text;
        return true;
    }

    private static TextParse<T> Real<T>() where T : struct, IFloatingPointIeee754<T> => (ReadOnlyMemory<char> text, out T value) =>
    {
        var span = text.Span.Trim();
        value = T.Zero;
        if (span.IsEmpty || T.TryParse(span, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return true;
        value = T.NaN;
        return span is "?" || span.Equals("NaN", StringComparison.OrdinalIgnoreCase) || span.Equals("NA", StringComparison.OrdinalIgnoreCase);
    };

    private static TextParse<T> Integer<T>() where T : struct, INumberBase<T> => (ReadOnlyMemory<char> text, out T value) =>
    {
        var span = text.Span.Trim();
        value = T.Zero;
        return span.IsEmpty || T.TryParse(span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    };

    private static TextParse<T> Moment<T>() where T : struct, ISpanParsable<T> => (ReadOnlyMemory<char> text, out T value) =>
    {
        value = default;
        return text.IsEmpty || T.TryParse(text.Span, CultureInfo.InvariantCulture, out value);
    };

    private static bool Flag(ReadOnlyMemory<char> text, out bool value)
    {
        value = Is(text.Span, "1", "true", "yes", "t", "y", "+", "+1");
        return value || Is(text.Span, "", "0", "false", "no", "f", "n", "-", "-1");
    }

    private static bool Is(ReadOnlySpan<char> span, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
            if (span.Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
