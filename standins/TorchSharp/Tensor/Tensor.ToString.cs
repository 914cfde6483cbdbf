namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>What the tensor is, without its elements.</summary>
        public override string ToString()
        {
            if (IsInvalid) return "<Tensor is disposed>";
            var shape = this.shape;
            return $"[{string.Join('x', shape)}], type = {dtype}, device = {device}{(name is null ? "" : $", name = {name}")}";
        }
    }
}
