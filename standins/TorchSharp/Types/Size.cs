using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The shape of a tensor.</summary>
    public struct Size : IEnumerable<long>
    {
        public static Size Empty = new(Array.Empty<long>());

        private readonly long[]? _shape;

        public Size(long[] shape) => _shape = [.. shape];
        public Size(int[] shape) => _shape = Array.ConvertAll(shape, n => (long)n);
        public Size(IEnumerable<long> shape) => _shape = [.. shape];
        public Size(long size) => _shape = [size];
        public Size(int size) => _shape = [size];
        public Size((long, long) shape) => _shape = [shape.Item1, shape.Item2];
        public Size((long, long, long) shape) => _shape = [shape.Item1, shape.Item2, shape.Item3];
        public Size((long, long, long, long) shape) => _shape = [shape.Item1, shape.Item2, shape.Item3, shape.Item4];

        public readonly long[] Shape => _shape ?? [];
        public readonly int Length => Shape.Length;
        public readonly bool IsEmpty => Length == 0;
        public readonly bool IsScalar => Length == 0;
        public readonly long this[int idx] => Shape[idx];
        public readonly long this[long idx] => Shape[idx];

        public readonly long numel() => Shape.TotalSize();
        public readonly Size Slice(int first, int next) => new(Shape[first..next]);
        public readonly IEnumerable<long> Take(int count) => Shape.AsEnumerable().Take(count);
        public readonly IEnumerator<long> GetEnumerator() => Shape.AsEnumerable().GetEnumerator();
        readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override readonly bool Equals(object? obj) => obj is Size other && this == other;
        public override readonly int GetHashCode() => Shape.Aggregate(17, HashCode.Combine);

        public static bool operator ==(Size left, Size right) => left.Shape.AsSpan().SequenceEqual(right.Shape);
        public static bool operator !=(Size left, Size right) => !(left == right);
        public static Size operator +(Size left, Size right) => new((long[])[.. left.Shape, .. right.Shape]);
        public static Size operator +(Size left, IEnumerable<long> right) => new((long[])[.. left.Shape, .. right]);

        public static implicit operator Size(long size) => new(size);
        public static implicit operator Size(long[] shape) => new(shape);
        public static implicit operator Size((long, long) shape) => new(shape);
        public static implicit operator Size((long, long, long) shape) => new(shape);
        public static implicit operator Size((long, long, long, long) shape) => new(shape);
    }
}
