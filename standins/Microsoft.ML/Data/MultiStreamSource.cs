using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Several streams that are read one after the other.</summary>
public interface IMultiStreamSource
{
    int Count { get; }
    string GetPathOrNull(int index);
    Stream Open(int index);
    TextReader OpenTextReader(int index);
}

/// <summary>Files by path.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths)
    {
        foreach (string path in paths ?? []) ArgumentException.ThrowIfNullOrEmpty(path, nameof(paths));
        _paths = paths ?? [];
    }

    public int Count => _paths.Length;
    public string GetPathOrNull(int index) => _paths[Checked(index)];
    public Stream Open(int index) => File.OpenRead(_paths[Checked(index)]);
    public TextReader OpenTextReader(int index) => new StreamReader(Open(index), Encoding.UTF8, true);

    private int Checked(int index) => (uint)index < (uint)_paths.Length ? index : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {_paths.Length} files.");
}
