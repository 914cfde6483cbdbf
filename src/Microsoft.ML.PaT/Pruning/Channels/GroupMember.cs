namespace Microsoft.ML.PaT.Pruning.Channels;

/// <summary>A tensor dimension with channels of a group.</summary>
/// <param name="Dimension">0 if the tensor produces the channels, 1 if it reads them, 2 for class tokens and position
/// embeddings.</param>
/// <param name="Indices">Indices along the dimension that belong to the group, in the order of its channels if each has
/// one.</param>
/// <param name="Channels">Channel of the group for each index: 0, 1, ... if each has one; flattening, groups,
/// multipliers and heads give a channel several.</param>
internal sealed record GroupMember(string Parameter, int Dimension, long[] Indices, int[] Channels);
