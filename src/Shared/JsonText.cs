using System.Text;
using System.Text.Json;

namespace Microsoft.ML.PaT.Shared;

/// <summary>JSON files of other programs and editors.</summary>
internal static class JsonText
{
    /// <summary>UTF-8 without a byte order mark, from UTF-8 or UTF-16 with or without one.</summary>
    public static ReadOnlyMemory<byte> Utf8(byte[] content)
    {
        if (content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return content.AsMemory(3);
        // JSON begins with a character of ASCII: in UTF-16 one of its two bytes is zero.
        var encoding = content switch
        {
            [0xFF, 0xFE, ..] or [not 0, 0, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] or [0, not 0, ..] => Encoding.BigEndianUnicode,
            _ => null,
        };
        return encoding is null ? content : Encoding.UTF8.GetBytes(encoding.GetString(content).TrimStart('\uFEFF'));
    }

    /// <summary>
    /// The place and the text of an error, without names of .NET types: <c>line 3 ($.layers[2].kind): ...</c>.
    /// </summary>
    public static string Describe(Exception error)
    {
        if (error is not JsonException e) return error.Message;
        var end = e.Message.IndexOf(" Path: $", StringComparison.Ordinal);
        if (end < 0) end = e.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        var what = end < 0 ? e.Message : e.Message[..end];
        // These texts name types of .NET.
        if (what.Contains(" could not be converted to", StringComparison.Ordinal))
            what = "The value is not of the kind that this field has.";
        else if (what.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
            what = "There is no such field in files of this kind.";
        else if (what.Contains("missing required properties", StringComparison.Ordinal))
            what = $"Fields are missing: {what[(what.IndexOf(": ", StringComparison.Ordinal) + 2)..]}";
        var path = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "" : $" ({e.Path})";
        return e.LineNumber is { } line ? $"line {line + 1}{path}: {what}" : what;
    }
}
