using System.Reflection;
using System.Text;

namespace Microsoft.ML.PaT.Tests;

/// <summary>This program with another version of the library.</summary>
internal static class OtherVersion
{
    /// <summary>Makes a folder with links to the files of this program, and a library that claims another
    /// version.</summary>
    /// <returns>The program's assembly in the folder, and the version.</returns>
    public static (string Program, string Version) In(TemporaryFolder folder)
    {
        var library = typeof(PruningAwareTrainingOptions).Assembly;
        var program = typeof(OtherVersion).Assembly.Location;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(program)!))
        {
            // The host looks for the other files beside the target of a link.
            if (file == program) File.Copy(file, In(file));
            else if (file != library.Location) File.CreateSymbolicLink(In(file), file);
        }
        var version = library.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var other = $"{(version[0] == '9' ? '8' : '9')}{version[1..]}";
        var (bytes, own) = (File.ReadAllBytes(library.Location), Encoding.UTF8.GetBytes(version));
        Encoding.UTF8.GetBytes(other).CopyTo(bytes, bytes.AsSpan().IndexOf(own));
        File.WriteAllBytes(In(library.Location), bytes);
        return (In(program), other);

        string In(string file) => Path.Combine(folder.Name, Path.GetFileName(file));
    }
}
