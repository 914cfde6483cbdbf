using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Microsoft.ML.PaT.Results;

/// <summary>The JSON form of a report: camel-case names, lower-case enumeration values, indented.</summary>
internal static class RunReportJson
{
    /// <summary>The version of the format that this library writes, and the newest it reads.</summary>
    public const int Version = 1;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        WriteIndented = true,
        // A value that is not finite must not prevent the report: it is written as "NaN" or "Infinity".
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static void Write(RunReport report, Stream stream) => JsonSerializer.Serialize(stream, report, Options);

    /// <param name="stream">JSON in UTF-8 or UTF-16.</param>
    public static RunReport Read(Stream stream, string source)
    {
        RunReport? report;
        try
        {
            using var content = new MemoryStream();
            stream.CopyTo(content);
            report = JsonSerializer.Deserialize<RunReport>(JsonText.Utf8(content.ToArray()).Span, Options);
        }
        catch (JsonException e)
        {
            throw new InvalidFileException(ErrorCodes.ReportInvalid,
                $"{source} is not a complete report.json: {JsonText.Describe(e)} Write it again with a new run.", e);
        }
        if (report is null)
        {
            throw new InvalidFileException(ErrorCodes.ReportInvalid,
                $"{source} is not a report.json: it holds only 'null'. Write it again with a new run.");
        }
        if (report.Version is < 1 or > Version)
        {
            throw new InvalidFileException(ErrorCodes.VersionUnsupported,
                $"{source} has version {report.Version} of the report format; this library reads 1 to {Version}. " +
                "Read it with a newer library.");
        }
        return report;
    }
}
