using System.Buffers;
using System.Security.Cryptography;

namespace Squero.Kernel;

/// <summary>A stored blob: the SHA-256 of its bytes in lower-case hex, and its length.</summary>
public sealed record Blob(string Hash, long Size);

/// <summary>
/// Bytes kept by the hash of their content in the data folder. Nothing a client says decides a path;
/// equal bytes are stored once; a blob appears whole or not at all, and stays when the power goes.
/// </summary>
public sealed class BlobStore(DataFolder data)
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Streams a blob in at constant memory. Over <paramref name="limit"/> bytes it is refused and nothing stays.</summary>
    public async Task<Blob> PutAsync(Stream content, long limit, CancellationToken cancel)
    {
        var draft = Path.Combine(data.Folder("blobs"), "draft-" + Path.GetRandomFileName());
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long size = 0;
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
            {
                int read;
                while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferSize), cancel)) > 0)
                {
                    size += read;
                    if (size > limit)
                    {
                        throw new Refusal(RefusalKind.TooLarge, $"The upload is larger than the limit of {SizeText(limit)}.");
                    }

                    // The disk takes the bytes while they are counted into the hash.
                    var written = file.WriteAsync(buffer.AsMemory(0, read), cancel);
                    hash.AppendData(buffer, 0, read);
                    await written;
                }

                file.Flush(flushToDisk: true);
            }

            var blob = new Blob(Convert.ToHexStringLower(hash.GetHashAndReset()), size);
            Keep(draft, PathOf(blob.Hash));
            return blob;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            File.Delete(draft);
        }
    }

    /// <summary>Gives a synced file its name. When this returns the name is on the disk, too, and so are the folders that were made for it.</summary>
    private static void Keep(string draft, string target)
    {
        var folder = Path.GetDirectoryName(target)!;
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        File.Move(draft, target, overwrite: true);
        FolderSync.Flush(folder);
        if (isNew)
        {
            var parent = Path.GetDirectoryName(folder)!;
            FolderSync.Flush(parent);
            FolderSync.Flush(Path.GetDirectoryName(parent)!);
        }
    }

    private static string SizeText(long bytes) => bytes >= 1024 * 1024 ? $"{bytes / (1024 * 1024)} MB" : $"{bytes} bytes";

    /// <summary>A readable, seekable stream, or null when there is no such blob.</summary>
    public Stream? OpenRead(string hash)
    {
        var path = PathOf(hash);
        return File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous)
            : null;
    }

    /// <summary>Where the bytes lie, for handing them to another process of ours (read only).</summary>
    public string PathOf(string hash)
    {
        if (hash.Length != 64 || hash.AsSpan().ContainsAnyExcept("0123456789abcdef"))
        {
            throw new ArgumentException("A blob is named by 64 lower-case hex digits.", nameof(hash));
        }

        return Path.Combine(data.Folder("blobs"), hash[..2], hash[2..4], hash);
    }
}
