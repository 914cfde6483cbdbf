using System.Globalization;
using System.Numerics;

namespace Microsoft.ML;

/// <summary>Conversions between primitive values: numbers and booleans to numbers, anything to text, text to numbers and booleans.</summary>
internal static class ItemConversion
{
    private static readonly HashSet<Type> _numbers =
        [typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double)];

    internal static bool Exists(Type source, Type target) =>
        source == target
        || target == typeof(ReadOnlyMemory<char>)
        || _numbers.Contains(target) && (_numbers.Contains(source) || source == typeof(bool) || source == typeof(ReadOnlyMemory<char>))
        || target == typeof(bool) && (_numbers.Contains(source) || source == typeof(ReadOnlyMemory<char>))
        || source == typeof(ReadOnlyMemory<char>) && (target == typeof(DateTime) || target == typeof(DateTimeOffset) || target == typeof(TimeSpan));

    internal static ItemConverter<TSource, TTarget> Of<TSource, TTarget>()
    {
        if (typeof(TSource) == typeof(TTarget)) return (ItemConverter<TSource, TTarget>)(object)(ItemConverter<TSource, TSource>)((in TSource s, ref TSource t) => t = s);
        if (typeof(TTarget) == typeof(ReadOnlyMemory<char>)) return (ItemConverter<TSource, TTarget>)(object)(ItemConverter<TSource, ReadOnlyMemory<char>>)Text;
        if (typeof(TSource) == typeof(ReadOnlyMemory<char>)) return (ItemConverter<TSource, TTarget>)(object)OfText<TTarget>();
        string method = typeof(TSource) == typeof(bool) ? nameof(OfFlag) : typeof(TTarget) == typeof(bool) ? nameof(ToFlag) : nameof(OfNumber);
        Type[] types = typeof(TSource) == typeof(bool) ? [typeof(TTarget)] : typeof(TTarget) == typeof(bool) ? [typeof(TSource)] : [typeof(TSource), typeof(TTarget)];
        return (ItemConverter<TSource, TTarget>)Generic.Call(null, typeof(ItemConversion), method, types);
    }

    /// <summary>Signed integers have no missing value, so text that is none is an error; elsewhere it is the missing value.</summary>
    private static ItemConverter<ReadOnlyMemory<char>, TTarget> OfText<TTarget>()
    {
        var parse = TextParser.Of<TTarget>();
        bool strict = Type.GetTypeCode(typeof(TTarget)) is TypeCode.SByte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64;
        return (in ReadOnlyMemory<char> source, ref TTarget target) =>
        {
            if (!parse(source, out target) && strict) throw new InvalidOperationException($"Value '{source}' could not be parsed from text to {typeof(TTarget).Name}.");
        };
    }

    private static void Text<TSource>(in TSource source, ref ReadOnlyMemory<char> text) => text = source switch
    {
        float f when float.IsNaN(f) => "?".AsMemory(),
        double d when double.IsNaN(d) => "?".AsMemory(),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture).AsMemory(),
        _ => source.ToString().AsMemory(),
    };

    private static ItemConverter<TSource, TTarget> OfNumber<TSource, TTarget>() where TSource : INumberBase<TSource> where TTarget : INumberBase<TTarget> =>
        (in TSource source, ref TTarget target) => target = TTarget.CreateTruncating(source);

    private static ItemConverter<bool, TTarget> OfFlag<TTarget>() where TTarget : INumberBase<TTarget> =>
        (in bool source, ref TTarget target) => target = source ? TTarget.One : TTarget.Zero;

    private static ItemConverter<TSource, bool> ToFlag<TSource>() where TSource : INumberBase<TSource> =>
        (in TSource source, ref bool target) => target = !TSource.IsZero(source);
}
