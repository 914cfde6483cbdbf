namespace TorchSharp;

public static partial class torch
{
    /// <summary>One dimension's part of an index: a position, a slice, an index tensor, a mask, a new axis, or "all that is left".</summary>
    public readonly struct TensorIndex
    {
        internal enum Kind { Null, None, Bool, Ellipsis, Slice, Single, Tensor }

        internal readonly Kind What;
        internal readonly long? Start, Stop, Step;
        internal readonly torch.Tensor? Indices;

        private TensorIndex(Kind what, long? start = null, long? stop = null, long? step = null, torch.Tensor? indices = null)
        {
            What = what;
            Start = start;
            Stop = stop;
            Step = step;
            Indices = indices;
        }

        public static readonly TensorIndex Null = new(Kind.Null);
        public static readonly TensorIndex None = new(Kind.None);
        public static readonly TensorIndex Ellipsis = new(Kind.Ellipsis);
        public static readonly TensorIndex Colon = Slice();

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(Kind.Slice, start, stop, step);

        public static TensorIndex Slice((int? start, int? stop) range) => Slice(range.start, range.stop);

        public static TensorIndex Slice(Range range)
        {
            // "^0" as an end is the end itself; any other "^n" counts from there.
            long? start = range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value;
            long? stop = !range.End.IsFromEnd ? range.End.Value : range.End.Value == 0 ? null : -range.End.Value;
            return range.Start is { IsFromEnd: true, Value: 0 } ? Slice(long.MaxValue, stop) : Slice(start, stop);
        }

        public static TensorIndex Single(long? index) => index is { } position ? new(Kind.Single, position) : Null;
        public static TensorIndex Bool(bool value) => new(Kind.Bool, value ? 1 : 0);
        public static TensorIndex Tensor(torch.Tensor tensor) => new(Kind.Tensor, indices: tensor);

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex((int? start, int? stop) range) => Slice(range);
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);
    }
}
