using System.IO.Compression;
using System.Text;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>Writes what is uploaded: a zip of many files, one gzip with a member per file, or a file as it is.</summary>
internal static class ArtifactFile
{
    private const int RegularBits = 0x8000;
    private const int LinkBits = 0xA000;
    private static readonly DateTimeOffset ZipEpoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task WriteAsync(string target, string format, IReadOnlyList<SelectedFile> files, long limit, CancellationToken cancel)
    {
        await using var file = new FileStream(target, FileMode.Create, FileAccess.ReadWrite);
        await using var output = new LimitedStream(file, limit);
        switch (format)
        {
            case ArtifactFormats.Zip:
                await WriteZipAsync(output, files, cancel).ConfigureAwait(false);
                break;
            case ArtifactFormats.Gzip:
                foreach (var selected in files.Where(selected => selected.Kind == FileKind.Regular))
                {
                    await using var member = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
                    await CopyAsync(selected, member, cancel).ConfigureAwait(false);
                }

                break;
            default:
                await CopyAsync(files.First(selected => selected.Kind == FileKind.Regular), output, cancel).ConfigureAwait(false);
                break;
        }
    }

    private static async Task WriteZipAsync(Stream output, IReadOnlyList<SelectedFile> files, CancellationToken cancel)
    {
        using var archive = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8);
        foreach (var selected in files)
        {
            var entry = archive.CreateEntry(selected.Relative, CompressionLevel.Fastest);
            var written = new DateTimeOffset(File.GetLastWriteTimeUtc(selected.Path), TimeSpan.Zero);
            entry.LastWriteTime = written < ZipEpoch || written.Year > 2107 ? ZipEpoch : written;
            entry.ExternalAttributes = ((selected.Kind == FileKind.Link ? LinkBits : RegularBits) | selected.Mode) << 16;
            await using var content = entry.Open();
            if (selected.Kind == FileKind.Link)
            {
                await content.WriteAsync(Encoding.UTF8.GetBytes(new FileInfo(selected.Path).LinkTarget ?? ""), cancel).ConfigureAwait(false);
            }
            else
            {
                await CopyAsync(selected, content, cancel).ConfigureAwait(false);
            }
        }
    }

    private static async Task CopyAsync(SelectedFile selected, Stream target, CancellationToken cancel)
    {
        await using var source = new FileStream(selected.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await source.CopyToAsync(target, cancel).ConfigureAwait(false);
    }
}
