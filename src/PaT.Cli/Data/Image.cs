
namespace PaT.Cli;

/// <summary>
/// One labeled image. Its content is read when it is asked for, so that a folder of large images does not fill the
/// memory.
/// </summary>
/// <param name="Name">Where it comes from, for people: a path below its source, or a running number.</param>
/// <param name="Label">Its class.</param>
/// <param name="Read">Gives the encoded file (JPEG, PNG, ...), or the 3072 planar RGB values of a 32x32 image.</param>
internal sealed record Image(string Name, string Label, Func<byte[]> Read);
