namespace Microsoft.ML.PaT.Tests;

/// <summary>Damages files reproducibly by a seed.</summary>
internal static class Mutations
{
    private static readonly byte[] s_telling = [0, 1, 0x7F, 0x80, 0xFE, 0xFF];

    /// <summary>One to eight changes: bytes changed, removed, repeated or inserted, or the file truncated.</summary>
    public static byte[] Of(byte[] file, int seed)
    {
        var random = new Random(seed);
        var bytes = file.ToList();
        for (var changes = random.Next(1, 9); changes > 0 && bytes.Count > 0; changes--)
        {
            // Headers are short, but most errors occur in them.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(64, bytes.Count) : bytes.Count);
            var length = Math.Min(random.Next(1, 17), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] = s_telling[random.Next(s_telling.Length)]; break;
                case 2: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 3: bytes.RemoveRange(at, length); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 5:
                    bytes.InsertRange(at, Enumerable.Repeat(s_telling[random.Next(s_telling.Length)], length));
                    break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}
