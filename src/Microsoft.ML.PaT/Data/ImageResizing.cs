namespace Microsoft.ML.PaT;

/// <summary>What happens to images whose height and width are not in the proportion wanted; the names are those of ML.NET's <c>ResizeImages</c>.</summary>
public enum ImageResizing
{
    /// <summary>They are stretched: everything is seen, out of proportion.</summary>
    Fill,

    /// <summary>They are seen whole and in proportion, between black bars of equal width.</summary>
    IsoPad,

    /// <summary>They are seen in proportion, and what is too much is cut off equally on both sides.</summary>
    IsoCrop,
}
