namespace Microsoft.ML.PaT;

/// <summary>A dimension of a tensor along which channels of a group lie.</summary>
/// <param name="Parameter">Full name of the tensor.</param>
/// <param name="Dimension">0 where the tensor makes the channels, 1 where it reads them.</param>
/// <param name="Indices">For each channel of the group, its index along the dimension.</param>
internal sealed record GroupMember(string Parameter, int Dimension, long[] Indices);
