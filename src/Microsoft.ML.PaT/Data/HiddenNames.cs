namespace Microsoft.ML.PaT.Data;

/// <summary>Names of files and folders that operating systems and tools create in folders of images.</summary>
internal static class HiddenNames
{
    private static readonly HashSet<string> s_tools = new(StringComparer.OrdinalIgnoreCase)
    {
        "__pycache__", "__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "lost+found",
        "Thumbs.db", "ehthumbs.db", "desktop.ini", "Icon\r",
    };

    public static bool Contain(string name) => name.StartsWith('.') || s_tools.Contains(name);
}
