using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Valid and damaged native archives.</summary>
internal static class TinyArchives
{
    public static byte[] Save(ImageClassifier classifier)
    {
        using var stream = new MemoryStream();
        ModelArchive.Save(stream, classifier, TinyClassifiers.Report());
        return stream.ToArray();
    }

    /// <summary>Changes or removes an entry.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="changed">Name of the entry.</param>
    /// <param name="change">Returns the new content; null removes the entry.</param>
    /// <param name="seal">Whether to update the manifest, as an attacker would.</param>
    public static byte[] Rewrite(byte[] archive, string changed, Func<byte[], byte[]?> change, bool seal = false)
    {
        using var result = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read))
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            var contents = source
                .Entries.Select(e => (Name: e.FullName, Content: e.FullName == changed ? change(Read(e)) : Read(e)))
                .Where(e => e.Content is not null)
                .ToArray();
            foreach (var (name, content) in contents)
            {
                var bytes =
                    seal && name == "manifest.json"
                        ? Sealed(content!, contents.Single(c => c.Name == changed))
                        : content!;
                var stored = name.EndsWith("safetensors", StringComparison.Ordinal) && (name != changed || seal);
                using var copy =
                    target.CreateEntry(name, stored ? CompressionLevel.NoCompression : CompressionLevel.Optimal).Open();
                copy.Write(bytes);
            }
        }
        return result.ToArray();
    }

    /// <summary>Replaces one value of a JSON text.</summary>
    public static byte[] SpoilJson(byte[] json, Random random)
    {
        var root = JsonNode.Parse(json)!;
        var places = new List<(JsonNode Parent, object Key)>();
        Collect(root);
        var (parent, key) = places[random.Next(places.Count)];
        var value = random.Next(9) switch
        {
            0 => null,
            1 => JsonValue.Create(-1),
            2 => JsonValue.Create(0),
            3 => JsonValue.Create(int.MaxValue),
            4 => JsonValue.Create(1e300),
            5 => JsonValue.Create(""),
            6 => new JsonArray(),
            7 => new JsonObject(),
            _ => (JsonNode?)JsonValue.Create("conv1"),
        };
        if (key is string name) parent.AsObject()[name] = value;
        else parent.AsArray()[(int)key] = value;
        return Encoding.UTF8.GetBytes(root.ToJsonString());

        void Collect(JsonNode? node)
        {
            if (node is JsonObject map)
                foreach (var (child, content) in map)
                {
                    places.Add((map, child));
                    Collect(content);
                }
            if (node is JsonArray list)
                for (var i = 0; i < list.Count; i++)
                {
                    places.Add((list, i));
                    Collect(list[i]);
                }
        }
    }

    private static byte[] Sealed(byte[] manifest, (string Name, byte[]? Content) entry)
    {
        var root = JsonNode.Parse(manifest)!;
        root["entries"]![entry.Name] = Convert.ToHexStringLower(SHA256.HashData(entry.Content!));
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream();
        using (var stream = entry.Open()) stream.CopyTo(content);
        return content.ToArray();
    }
}
