using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.PaT.Internal;

/// <summary>Enumeration values as camel-case names in source-generated JSON; numbers are refused.</summary>
internal sealed class CamelCaseEnumConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;
