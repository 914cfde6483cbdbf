using Microsoft.ML.Data;

namespace Microsoft.ML;

public static class TextLoaderSaverCatalog
{
    public static TextLoader CreateTextLoader(
        this DataOperationsCatalog catalog, TextLoader.Column[] columns, char separatorChar = '\t', bool hasHeader = false,
        IMultiStreamSource dataSample = null, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false) =>
        new(Options(separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse, columns), dataSample);

    public static TextLoader CreateTextLoader(this DataOperationsCatalog catalog, TextLoader.Options options, IMultiStreamSource dataSample = null) =>
        new(options, dataSample);

    public static TextLoader CreateTextLoader<TInput>(
        this DataOperationsCatalog catalog, char separatorChar = '\t', bool hasHeader = false,
        IMultiStreamSource dataSample = null, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false) =>
        TextLoader.Of<TInput>(Options(separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse), dataSample);

    public static TextLoader CreateTextLoader<TInput>(this DataOperationsCatalog catalog, TextLoader.Options options, IMultiStreamSource dataSample = null) =>
        TextLoader.Of<TInput>(options, dataSample);

    public static IDataView LoadFromTextFile(
        this DataOperationsCatalog catalog, string path, TextLoader.Column[] columns, char separatorChar = '\t', bool hasHeader = false,
        bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        var source = Existing(path);
        return new TextLoader(Options(separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse, columns), source).Load(source);
    }

    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Options options = null)
    {
        var source = Existing(path);
        return new TextLoader(options ?? new(), source).Load(source);
    }

    public static IDataView LoadFromTextFile<TInput>(
        this DataOperationsCatalog catalog, string path, char separatorChar = '\t', bool hasHeader = false,
        bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        var source = Existing(path);
        return TextLoader.Of<TInput>(Options(separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse), source).Load(source);
    }

    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, TextLoader.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var source = Existing(path);
        return TextLoader.Of<TInput>(options, source).Load(source);
    }

    private static TextLoader.Options Options(char separator, bool hasHeader, bool allowQuoting, bool trimWhitespace, bool allowSparse, TextLoader.Column[] columns = null) => new()
    {
        Columns = columns,
        Separators = [separator],
        HasHeader = hasHeader,
        AllowQuoting = allowQuoting,
        TrimWhitespace = trimWhitespace,
        AllowSparse = allowSparse,
    };

    private static MultiFileSource Existing(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!path.Contains('*') && !File.Exists(path)) throw new ArgumentOutOfRangeException(nameof(path), $"File does not exist at path: {path}");
        if (!path.Contains('*')) return new(path);
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } f ? f : ".";
        return new(Directory.GetFiles(folder, Path.GetFileName(path)).Order(StringComparer.Ordinal).ToArray());
    }
}
