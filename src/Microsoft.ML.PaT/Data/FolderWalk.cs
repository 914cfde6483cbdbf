namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Lists the files below a folder. Follows each link to a folder once, and no link that leads into a circle.
/// </summary>
internal sealed class FolderWalk(string root, LeftOutFiles leftOut, CancellationToken cancellation)
{
    private const string Hidden = "hidden or tool file or folder";
    private const string Broken = "broken link";
    private const string Circle = "link in a circle";
    private const string Again = "folder reached again through a link";
    private const string Closed = "folder that cannot be opened";
    private const string Empty = "empty folder";

    /// <summary>Real paths of the folders that a walk starts at, by their paths with links.</summary>
    private readonly string _root = Path.GetFullPath(root), _real = RealPath.Of(root);
    private readonly HashSet<string> _visited = [];
    private readonly Queue<(string Name, string Path, string Real)> _links = new();

    /// <summary>The files. Those without links in their paths come first.</summary>
    public List<FoundFile> Files()
    {
        var files = new List<FoundFile>();
        Walk(new("", _root, _real), linked: false, files);
        while (_links.TryDequeue(out var link))
            if (!_visited.Contains(link.Real)) Walk(new(link.Name, link.Path, link.Real), linked: true, files);
            else leftOut.Add(Again);
        return files;
    }

    private void Walk(Place start, bool linked, List<FoundFile> files)
    {
        var places = new Queue<Place>([start]);
        while (places.TryDequeue(out var place))
        {
            cancellation.ThrowIfCancellationRequested();
            // A folder may be reached once directly and once through a link. Which of the two counts depends on the
            // folders of the whole set.
            if (linked && !_visited.Add(place.Real)) leftOut.Add(Again);
            else
                foreach (var entry in Entries(place)) Visit(entry, place.Child(entry.Name));
        }

        void Visit(FileSystemInfo entry, Place place)
        {
            if (HiddenNames.Contain(entry.Name) || entry.Attributes.HasFlag(FileAttributes.Hidden)) leftOut.Add(Hidden);
            else if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint)) Follow(entry, place);
            else if (entry is DirectoryInfo) places.Enqueue(place);
            else files.Add(FoundFile.OnDisk(place.Name, place.Path, place.Real, linked));
        }

        void Follow(FileSystemInfo entry, Place place)
        {
            if (!Leads(entry)) leftOut.Add(Broken);
            else if (RealPath.Of(place.Path) is var target && entry is not DirectoryInfo)
                files.Add(FoundFile.OnDisk(place.Name, place.Path, target, isLinked: true));
            else if ((Path.GetDirectoryName(place.Real) + '/').StartsWith(target + '/', StringComparison.Ordinal))
                leftOut.Add(Circle);
            else _links.Enqueue((place.Name, place.Path, target));
        }
    }

    private static bool Leads(FileSystemInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true };
        }
        catch (IOException)
        {
            // The link points to itself.
            return false;
        }
    }

    private FileSystemInfo[] Entries(Place place)
    {
        try
        {
            var entries = new DirectoryInfo(place.Path).EnumerateFileSystemInfos();
            FileSystemInfo[] sorted = [.. entries.OrderBy(e => e.Name, StringComparer.Ordinal)];
            if (sorted.Length == 0 && place.Name != "") leftOut.Add(Empty);
            return sorted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            leftOut.Add(Closed);
            return [];
        }
    }

    /// <param name="Name">The path below the root, with slashes.</param>
    private readonly record struct Place(string Name, string Path, string Real)
    {
        public Place Child(string name) => new(
            Name == "" ? name : $"{Name}/{name}",
            System.IO.Path.Combine(Path, name),
            System.IO.Path.Combine(Real, name));
    }
}
