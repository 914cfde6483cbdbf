using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.PaT.Shared;

internal static class TextHash
{
    /// <summary>16 hexadecimal digits in lower case: the beginning of the SHA-256 of the text in UTF-8.</summary>
    public static string Of(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
