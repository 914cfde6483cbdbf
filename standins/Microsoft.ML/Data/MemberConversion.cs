using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Between a member's type and the type its values have in getters: strings and text, arrays and vectors.</summary>
internal static class MemberConversion<TMember, TRaw>
{
    internal delegate void Write(TMember member, ref TRaw raw);
    internal delegate void Read(ref TRaw raw, ref TMember member);

    internal static readonly Write ToRaw = (Write)Pick(write: true);
    internal static readonly Read FromRaw = (Read)Pick(write: false);

    private static Delegate Pick(bool write)
    {
        if (typeof(TMember) == typeof(string)) return write
            ? (Delegate)(MemberConversion<string, ReadOnlyMemory<char>>.Write)((string s, ref ReadOnlyMemory<char> raw) => raw = s.AsMemory())
            : (MemberConversion<string, ReadOnlyMemory<char>>.Read)((ref ReadOnlyMemory<char> raw, ref string s) => s = raw.ToString());
        if (typeof(TMember) == typeof(string[])) return write
            ? (Delegate)(MemberConversion<string[], VBuffer<ReadOnlyMemory<char>>>.Write)WriteTexts
            : (MemberConversion<string[], VBuffer<ReadOnlyMemory<char>>>.Read)ReadTexts;
        if (typeof(TMember).IsSZArray)
            return Delegates(write, nameof(WriteArray), nameof(ReadArray), typeof(TMember).GetElementType());
        if (typeof(TMember).IsGenericType && typeof(TMember).GetGenericTypeDefinition() == typeof(VBuffer<>))
            return Delegates(write, nameof(WriteVector), nameof(ReadVector), typeof(TMember).GetGenericArguments()[0]);
        if (typeof(TMember) != typeof(TRaw)) throw new InvalidOperationException($"{typeof(TMember)} cannot stand for {typeof(TRaw)}.");
        return Delegates(write, nameof(WriteSame), nameof(ReadSame), typeof(TMember));
    }

    private static Delegate Delegates(bool write, string writer, string reader, Type item)
    {
        const System.Reflection.BindingFlags flags = System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static;
        var method = typeof(MemberConversion<TMember, TRaw>).GetMethod(write ? writer : reader, flags).MakeGenericMethod(item);
        return method.CreateDelegate(write ? typeof(Write) : typeof(Read));
    }

    private static void WriteSame<T>(T member, ref T raw) => raw = member;
    private static void ReadSame<T>(ref T raw, ref T member) => member = raw;

    private static void WriteArray<T>(T[] member, ref VBuffer<T> raw) => VBuffer<T>.Copy(member, 0, ref raw, member?.Length ?? 0);

    private static void ReadArray<T>(ref VBuffer<T> raw, ref T[] member)
    {
        if (member?.Length != raw.Length) member = new T[raw.Length];
        raw.CopyTo(member);
    }

    private static void WriteVector<T>(VBuffer<T> member, ref VBuffer<T> raw) => member.CopyTo(ref raw);
    private static void ReadVector<T>(ref VBuffer<T> raw, ref VBuffer<T> member) => raw.CopyTo(ref member);

    private static void WriteTexts(string[] member, ref VBuffer<ReadOnlyMemory<char>> raw)
    {
        var editor = VBufferEditor.Create(ref raw, member?.Length ?? 0);
        for (int i = 0; i < editor.Values.Length; i++) editor.Values[i] = member[i].AsMemory();
        raw = editor.Commit();
    }

    private static void ReadTexts(ref VBuffer<ReadOnlyMemory<char>> raw, ref string[] member) =>
        member = raw.DenseValues().Select(text => text.ToString()).ToArray();
}
