namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>softmax(Q K^T / sqrt(E) + mask) V over [..., L, E], [..., S, E], [..., S, Ev]. It is written out, because
            /// libtorch 1.13 has no such operator.</summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
            {
                if (is_casual && attn_mask is not null) throw new ArgumentException("Causal attention takes no mask of its own.", nameof(attn_mask));
                using var scope = NewDisposeScope();
                var scores = (query * (1.0 / Math.Sqrt(query.size(-1)))).matmul(key.transpose(-2, -1));
                var mask = is_casual ? ones([query.size(-2), key.size(-2)], ScalarType.Bool, query.device).tril() : attn_mask;
                if (mask is not null)
                    scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity) : scores + mask;
                return dropout(scores.softmax(-1), p).matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
