using System.Security.Cryptography;

namespace PaT.Cli;

/// <summary>The published checksum of a file. It detects damage, not deliberate changes.</summary>
/// <param name="Algorithm">MD5 or SHA-256.</param>
/// <param name="Digits">The first hexadecimal digits, or all, in lower case.</param>
internal sealed record Checksum(HashAlgorithmName Algorithm, string Digits)
{
    /// <summary>Whether a file has this checksum.</summary>
    /// <returns>The first digits of the file's checksum, as many as in <see cref="Digits"/>.</returns>
    public async Task<(bool Matches, string Found)> CheckAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        var hash = Algorithm == HashAlgorithmName.MD5
            ? await MD5.HashDataAsync(file, cancellation)
            : await SHA256.HashDataAsync(file, cancellation);
        var found = Convert.ToHexStringLower(hash)[..Digits.Length];
        return (found == Digits, found);
    }
}
