using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false)
            => Op.Call2("sort.stable", this, stable, dim, descending);

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (output, inverse, counts) = dim is { } along
                ? Op.Call3("unique_dim", this, along, sorted, return_inverse, return_counts)
                : Op.Call3("_unique2", this, sorted, return_inverse, return_counts);
            return (output, Asked(return_inverse, inverse), Asked(return_counts, counts));
        }

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (output, inverse, counts) = Op.Call3("unique_consecutive", this, return_inverse, return_counts, (long?)dim);
            return (output, Asked(return_inverse, inverse), Asked(return_counts, counts));
        }

        public Tensor round(long decimals = 0L) => decimals == 0 ? Op.Call("round", this) : Op.Call("round.decimals", this, decimals);
        public Tensor round_(long decimals = 0L) => decimals == 0 ? Op.Run("round_", this) : Op.Run("round_.decimals", this, decimals);

        private static Tensor? Asked(bool asked, Tensor result)
        {
            if (asked) return result;
            result.Dispose();
            return null;
        }
    }

    public static (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(Tensor input, bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        => input.unique(sorted, return_inverse, return_counts, dim);

    public static Tensor round(Tensor input, long decimals = 0L) => input.round(decimals);
    public static Tensor round_(Tensor input, long decimals = 0L) => input.round_(decimals);

    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor? sorter = null)
        => Op.Call("searchsorted.Tensor", sorted_sequence, values, out_int32, right, Arg.None, sorter);
}
