using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Positions(indices));
            set => index_put_(value, Positions(indices));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, TensorIndex.Single(i1));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(TensorIndex.Single(i1), TensorIndex.Single(i2));
            set => index_put_(value, TensorIndex.Single(i1), TensorIndex.Single(i2));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(Positions(i1, i2, i3));
            set => index_put_(value, Positions(i1, i2, i3));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(Positions(i1, i2, i3, i4));
            set => index_put_(value, Positions(i1, i2, i3, i4));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => index(Positions(i1, i2, i3, i4, i5));
            set => index_put_(value, Positions(i1, i2, i3, i4, i5));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => index(Positions(i1, i2, i3, i4, i5, i6));
            set => index_put_(value, Positions(i1, i2, i3, i4, i5, i6));
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var (view, gathered) = View(indices);
            if (gathered is null) return view;
            using (view) return Op.Call("index.Tensor", view, Arg.Optional(gathered));
        }

        public Tensor index(params Tensor[] indices) => Op.Call("index.Tensor", this, Arg.Optional(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            var (view, gathered) = View(indices);
            using (view)
            {
                if (gathered is null) Assign(view, value);
                else using (var placed = value.to(dtype, device)) Op.Run("index_put_", view, Arg.Optional(gathered), placed, false);
            }
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices)
        {
            using var placed = value.to(dtype, device);
            return Op.Run("index_put_", this, Arg.Optional(indices), placed, false);
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var tensor = full([], value, dtype, device);
            return index_put_(tensor, indices);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var tensor = full([], value, dtype, device);
            return index_put_(tensor, indices);
        }

        private static TensorIndex[] Positions(params long[] indices) => Array.ConvertAll(indices, i => TensorIndex.Single(i));

        /// <summary>Writes into a view; as in PyTorch, leading dimensions of size one that the view lacks are dropped.</summary>
        private static void Assign(Tensor view, Tensor value)
        {
            var shape = value.shape;
            int extra = shape.Length - (int)view.dim();
            if (extra <= 0 || shape.Take(extra).Any(n => n != 1))
            {
                view.copy_(value);
                return;
            }
            using var trimmed = value.reshape(shape[extra..]);
            view.copy_(trimmed);
        }

        /// <summary>Applies what needs no copying (positions, slices, new axes), and gathers the index tensors, one per dimension of
        /// the view (null: all of it); no list where there are none. The view is always a tensor of its own.</summary>
        private (Tensor View, Tensor?[]? Gathered) View(TensorIndex[] indices)
        {
            long consumed = indices.Sum(index => index.What switch
            {
                TensorIndex.Kind.Slice or TensorIndex.Kind.Single => 1L,
                TensorIndex.Kind.Tensor => index.Indices!.dtype is ScalarType.Bool or ScalarType.Byte ? index.Indices.dim() : 1,
                _ => 0L,
            });
            long rank = dim();
            if (consumed > rank) throw new IndexOutOfRangeException($"A tensor of {rank} dimensions was given {consumed} indices.");
            var view = Op.Call("alias", this);
            var gathered = new List<Tensor?>();
            int at = 0;
            foreach (var index in indices)
            {
                switch (index.What)
                {
                    case TensorIndex.Kind.Ellipsis:
                        for (long n = rank - consumed; n > 0; n--) Keep();
                        break;
                    case TensorIndex.Kind.None or TensorIndex.Kind.Null:
                        Replace(view.unsqueeze(at));
                        Keep();
                        break;
                    case TensorIndex.Kind.Slice:
                        if (index is not { Start: null, Stop: null, Step: null or 1 })
                            Replace(Op.Call("slice.Tensor", view, at, index.Start, index.Stop, index.Step ?? 1));
                        Keep();
                        break;
                    case TensorIndex.Kind.Single:
                        Replace(view.select(at, index.Start!.Value));
                        break;
                    case TensorIndex.Kind.Bool:
                        Replace(view.unsqueeze(at));
                        Gather(tensor(index.Start != 0).unsqueeze(0), 1);
                        break;
                    case TensorIndex.Kind.Tensor:
                        Gather(index.Indices!, index.Indices!.dtype is ScalarType.Bool or ScalarType.Byte ? (int)index.Indices.dim() : 1);
                        break;
                }
            }
            return (view, gathered.Any(t => t is not null) ? [.. gathered] : null);

            void Keep()
            {
                gathered.Add(null);
                at++;
            }

            void Gather(Tensor tensor, int dimensions)
            {
                gathered.Add(tensor);
                at += dimensions;
            }

            void Replace(Tensor next)
            {
                view.Dispose();
                view = next;
            }
        }
    }
}
