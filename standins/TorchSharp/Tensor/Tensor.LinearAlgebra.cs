using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Op.Call("matmul", this, target);
        public Tensor mm(Tensor target) => Op.Call("mm", this, target);
        public Tensor bmm(Tensor batch2) => Op.Call("bmm", this, batch2);
        public Tensor mv(Tensor target) => Op.Call("mv", this, target);
        public Tensor dot(Tensor target) => Op.Call("dot", this, target);
        public Tensor inner(Tensor vec2) => Op.Call("inner", this, vec2);
        public Tensor outer(Tensor vec2) => Op.Call("outer", this, vec2);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Op.Call("addmm", this, mat1, mat2, beta, alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Op.Run("addmm_", this, mat1, mat2, beta, alpha);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1.0f, float alpha = 1.0f) => Op.Call("addmv", this, mat, vec, beta, alpha);
        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1.0f, float alpha = 1.0f) => Op.Run("addmv_", this, mat, vec, beta, alpha);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Op.Call("baddbmm", this, batch1, batch2, beta, alpha);
        public Tensor det() => Op.Call("det", this);
        public Tensor inverse() => Op.Call("inverse", this);
        public Tensor trace() => Op.Call("trace", this);
        public Tensor tril(long diagonal = 0) => Op.Call("tril", this, diagonal);
        public Tensor tril_(long diagonal = 0) => Op.Run("tril_", this, diagonal);
        public Tensor triu(long diagonal = 0) => Op.Call("triu", this, diagonal);
        public Tensor triu_(long diagonal = 0) => Op.Run("triu_", this, diagonal);
        public Tensor diag(long diagonal = 0) => Op.Call("diag", this, diagonal);
        public Tensor diagonal(long offset = 0L, long dim1 = 0L, long dim2 = 1L) => Op.Call("diagonal", this, offset, dim1, dim2);
        public Tensor diag_embed(long offset = 0L, long dim1 = -2L, long dim2 = -1L) => Op.Call("diag_embed", this, offset, dim1, dim2);
        public Tensor diagflat(long offset = 0) => Op.Call("diagflat", this, offset);
    }
}
