namespace PaT.Cli;

/// <summary>A row of a folder of pictures: where a picture lies, and what it shows.</summary>
public sealed class LabelledFile
{
    /// <summary>Path of the picture.</summary>
    public string ImagePath { get; set; } = "";

    /// <summary>Its class: the name of the folder it lies in.</summary>
    public string Label { get; set; } = "";

    /// <summary>The pictures of a folder that has one folder for each class.</summary>
    /// <param name="folder">The folder.</param>
    public static IEnumerable<LabelledFile> In(string folder) =>
        from classFolder in Directory.EnumerateDirectories(Path.GetFullPath(folder)).Order(StringComparer.Ordinal)
        from file in Directory.EnumerateFiles(classFolder).Order(StringComparer.Ordinal)
        where PictureFiles.IsPicture(file)
        select new LabelledFile { ImagePath = file, Label = Path.GetFileName(classFolder) };
}
