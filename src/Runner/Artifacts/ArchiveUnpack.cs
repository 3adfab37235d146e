using System.IO.Compression;
using System.Text;

namespace Squero.Runner;

/// <summary>An archive tries to leave the work tree, or is too large.</summary>
internal sealed class ArchiveRefused(string sentence) : Exception(sentence);

/// <summary>
/// Unpacks another job's archive into the work tree. That job is not trusted: names may not leave the tree, nothing is
/// written through a link, and links may only point into the tree.
/// </summary>
internal sealed class ArchiveUnpack(string root, RunnerOptions options, Action<string> give)
{
    private const int TypeBits = 0xF000;
    private const int LinkBits = 0xA000;
    private const int MaxLinkLength = 4096;
    private long left = options.MaxUnpackedBytes;

    public async Task<int> UnpackAsync(string archivePath, CancellationToken cancel)
    {
        using var archive = ZipFile.OpenRead(archivePath);
        if (archive.Entries.Count > options.MaxArchiveEntries)
        {
            throw new ArchiveRefused($"the archive has {archive.Entries.Count} entries, more than {options.MaxArchiveEntries}");
        }

        foreach (var entry in archive.Entries)
        {
            var relative = Check(entry.FullName);
            var type = (entry.ExternalAttributes >> 16) & TypeBits;
            if (entry.FullName.EndsWith('/'))
            {
                EnsureFolder(relative);
            }
            else if (type == LinkBits)
            {
                await MakeLinkAsync(entry, relative, cancel).ConfigureAwait(false);
            }
            else
            {
                await WriteAsync(entry, relative, cancel).ConfigureAwait(false);
            }
        }

        return archive.Entries.Count;
    }

    private static string Check(string name)
    {
        var parts = name.TrimEnd('/').Split('/');
        var bad = name.StartsWith('/') || name.Contains('\\', StringComparison.Ordinal) || name.Any(char.IsControl)
            || (name.Length > 1 && name[1] == ':') || parts.Any(part => part is "" or "." or "..") || parts[0].Equals(".git", StringComparison.OrdinalIgnoreCase);
        return bad ? throw new ArchiveRefused($"the archive's entry “{Shown(name)}” does not stay in the project folder") : string.Join('/', parts);
    }

    private static string Shown(string name) => string.Concat(name.Take(200).Select(letter => char.IsControl(letter) ? '?' : letter));

    /// <summary>Makes the folders of a path one by one; a link or file in the way is refused.</summary>
    private string EnsureFolder(string relative)
    {
        var path = root;
        foreach (var part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path = Path.Combine(path, part);
            switch (Posix.Look(path).Kind)
            {
                case FileKind.Folder:
                    break;
                case FileKind.Missing:
                    Directory.CreateDirectory(path);
                    give(path);
                    break;
                default:
                    throw new ArchiveRefused($"the archive's folder “{Shown(relative)}” is a link or a file in the project folder");
            }
        }

        return path;
    }

    private string MakeRoom(string relative)
    {
        var slash = relative.LastIndexOf('/');
        var folder = EnsureFolder(slash < 0 ? "" : relative[..slash]);
        var path = Path.Combine(folder, relative[(slash + 1)..]);
        switch (Posix.Look(path).Kind)
        {
            case FileKind.Missing:
                return path;
            case FileKind.Folder:
                throw new ArchiveRefused($"the archive's file “{Shown(relative)}” is a folder in the project folder");
            default:
                File.Delete(path);
                return path;
        }
    }

    private async Task MakeLinkAsync(ZipArchiveEntry entry, string relative, CancellationToken cancel)
    {
        using var content = new MemoryStream();
        await using var source = await entry.OpenAsync(cancel).ConfigureAwait(false);
        if (await BoundedCopy.TryAsync(source, content, MaxLinkLength, cancel).ConfigureAwait(false) is null || !StaysInside(relative, Target(content)))
        {
            throw new ArchiveRefused($"the archive's link “{Shown(relative)}” points out of the project folder");
        }

        var path = MakeRoom(relative);
        File.CreateSymbolicLink(path, Target(content));
        give(path);
    }

    private static string Target(MemoryStream content) => Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);

    private static bool StaysInside(string relative, string target)
    {
        if (target.Length == 0 || target.StartsWith('/') || target.Any(char.IsControl))
        {
            return false;
        }

        // "name/.." could climb out through a link called name, so ".." may stand at the beginning alone.
        var parts = target.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipWhile(part => part == "..").ToList();
        var climbed = target.Split('/', StringSplitOptions.RemoveEmptyEntries).Length - parts.Count;
        return climbed <= relative.Count(letter => letter == '/') && !parts.Contains("..");
    }

    private async Task WriteAsync(ZipArchiveEntry entry, string relative, CancellationToken cancel)
    {
        var path = MakeRoom(relative);
        await using (var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        await using (var source = await entry.OpenAsync(cancel).ConfigureAwait(false))
        {
            left -= await BoundedCopy.TryAsync(source, target, left, cancel).ConfigureAwait(false)
                ?? throw new ArchiveRefused($"the archives unpack to more than {options.MaxUnpackedBytes} bytes");
        }

        var mode = (entry.ExternalAttributes >> 16) & 0x1FF;
        if (mode != 0 && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)mode | UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        give(path);
    }
}
