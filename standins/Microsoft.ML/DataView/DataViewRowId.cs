namespace Microsoft.ML.Data;

/// <summary>128 bits that name a row: equal for the same row, whatever order a cursor visits rows in.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    public readonly ulong Low;
    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public DataViewRowId Fork() => Mix(this, 0x9E3779B97F4A7C15UL);
    public DataViewRowId Next() => Mix(this, 0xD1B54A32D192ED03UL);
    public DataViewRowId Combine(DataViewRowId other) => Mix(new(Low ^ Scramble(other.Low), High ^ Scramble(other.High + 1)), 0x8CB92BA72F3D8DD7UL);

    private static DataViewRowId Mix(DataViewRowId id, ulong salt)
    {
        ulong low = Scramble(id.Low + salt);
        ulong high = Scramble(id.High + salt ^ low);
        return new(Scramble(low ^ high), high);
    }

    /// <summary>A 64-bit finaliser: a bijection under which neighbours end up far apart.</summary>
    internal static ulong Scramble(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }

    public int CompareTo(DataViewRowId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);
    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;
    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Low, High);
    public override string ToString() => $"{High:x16}{Low:x16}";
}
