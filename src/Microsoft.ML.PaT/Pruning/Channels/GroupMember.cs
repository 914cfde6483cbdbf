namespace Microsoft.ML.PaT.Pruning.Channels;

/// <summary>A dimension of a tensor along which channels of a group lie.</summary>
/// <param name="Parameter">Full name of the tensor.</param>
/// <param name="Dimension">0 where the tensor makes the channels, 1 where it reads them, 2 where it lies beside them (class token, position embedding).</param>
/// <param name="Indices">Indices along the dimension that belong to the group; in the order of its channels where each has one.</param>
/// <param name="Channels">For each of them, the channel of the group it belongs to: 0, 1, ... where each has one; flattening, groups, multipliers and heads give a channel several.</param>
internal sealed record GroupMember(string Parameter, int Dimension, long[] Indices, int[] Channels);
