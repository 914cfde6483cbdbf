using System.Text;

namespace TorchSharp.Tests.Support;

/// <summary>The functions that a 64-bit ELF library exports by itself (its .dynsym, without what it imports).</summary>
internal static class ElfSymbols
{
    private const int DynSym = 11, Undefined = 0;

    internal static IEnumerable<string> Exported(string path)
    {
        var file = File.ReadAllBytes(path);
        long sections = BitConverter.ToInt64(file, 0x28);
        int size = BitConverter.ToUInt16(file, 0x3a), count = BitConverter.ToUInt16(file, 0x3c);
        (int Type, long Offset, long Length, int Link) Section(int i)
        {
            int at = (int)sections + i * size;
            return (BitConverter.ToInt32(file, at + 4), BitConverter.ToInt64(file, at + 0x18), BitConverter.ToInt64(file, at + 0x20), BitConverter.ToInt32(file, at + 0x28));
        }
        var symbols = Enumerable.Range(0, count).Select(Section).Single(section => section.Type == DynSym);
        var names = Section(symbols.Link);
        for (long at = symbols.Offset; at < symbols.Offset + symbols.Length; at += 24)
        {
            if (BitConverter.ToUInt16(file, (int)at + 6) == Undefined) continue;
            int start = (int)names.Offset + BitConverter.ToInt32(file, (int)at), end = Array.IndexOf(file, (byte)0, start);
            var name = Encoding.ASCII.GetString(file, start, end - start);
            if (name.Length > 0) yield return name;
        }
    }
}
