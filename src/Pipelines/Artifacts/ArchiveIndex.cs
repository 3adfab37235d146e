using System.IO.Compression;
using Squero.Kernel;

namespace Squero.Pipelines;

/// <summary>Reads what a zip says it holds, and refuses archives that could not be unpacked safely.</summary>
internal static class ArchiveIndex
{
    public const int FilesMax = 50_000;
    public const long UnpackedBytesMax = 8L * 1024 * 1024 * 1024;
    private const int RatioMax = 1100;
    private const long SmallBytes = 16 * 1024 * 1024;

    public static IReadOnlyList<ArtifactFile> Read(Stream zip, long size)
    {
        try
        {
            using var archive = new ZipArchive(zip, ZipArchiveMode.Read);
            if (archive.Entries.Count > FilesMax)
            {
                throw Refusal.Invalid($"The archive holds {archive.Entries.Count} entries; at most {FilesMax} are allowed.");
            }

            var files = new Dictionary<string, ArtifactFile>(StringComparer.Ordinal);
            foreach (var entry in archive.Entries)
            {
                CheckName(entry.FullName);
                if (!entry.FullName.EndsWith('/'))
                {
                    files[entry.FullName] = new ArtifactFile { Path = entry.FullName, Size = entry.Length };
                }
            }

            CheckSize(files.Values, size);
            return [.. files.Values];
        }
        catch (InvalidDataException)
        {
            throw Refusal.Invalid("The archive is not a readable zip file.");
        }
    }

    public static void CheckName(string name)
    {
        var safe = name.Length is > 0 and <= 1024
            && !name.StartsWith('/') && !name.Contains('\\', StringComparison.Ordinal) && !name.Any(char.IsControl)
            && name.TrimEnd('/').Split('/').All(segment => segment is not ("" or "." or ".."));
        if (!safe)
        {
            throw Refusal.Invalid($"The archive holds a name that is not allowed: `{(name.Length > 100 ? name[..100] : name)}`.");
        }
    }

    private static void CheckSize(IEnumerable<ArtifactFile> files, long packed)
    {
        long total = 0;
        foreach (var file in files)
        {
            total += file.Size;
            if (file.Size < 0 || total > UnpackedBytesMax || (total > SmallBytes && total / Math.Max(packed, 1) > RatioMax))
            {
                throw Refusal.Invalid("The archive would unpack to more than is allowed.");
            }
        }
    }
}
