using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>The parts of one upload: files named by number and hash, each there whole and synced or not at all.</summary>
internal sealed class PartFolder(string folder)
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Streams a part in and returns its hash. All parts together may have as many bytes as a file.</summary>
    public async Task<string> PutAsync(int number, Stream content, long limit, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var left = limit - new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
        var draft = Path.Combine(folder, Path.GetRandomFileName() + ".draft");
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
            {
                int read;
                while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferSize), cancel)) > 0)
                {
                    left -= read;
                    if (left < 0)
                    {
                        throw new Refusal(RefusalKind.TooLarge, $"The parts of the upload are larger together than a file may be, {limit / (1024 * 1024)} MB.");
                    }

                    var written = file.WriteAsync(buffer.AsMemory(0, read), cancel);
                    hash.AppendData(buffer, 0, read);
                    await written;
                }

                file.Flush(flushToDisk: true);
            }

            var name = Convert.ToHexStringLower(hash.GetHashAndReset());
            var older = Find(number);
            File.Move(draft, Path.Combine(folder, Prefix(number) + name), overwrite: true);
            if (older is not null && !older.EndsWith(name, StringComparison.Ordinal))
            {
                File.Delete(older);
            }

            return name;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            File.Delete(draft);
        }
    }

    /// <summary>Null when there is no such part.</summary>
    public string? HashOf(int number) => Find(number) is { } file ? Path.GetFileName(file)[Prefix(number).Length..] : null;

    /// <summary>All parts one after the other.</summary>
    public Stream Read(int parts) => new JoinedStream([.. Enumerable.Range(1, parts).Select(number => Find(number)!)]);

    public void Remove()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string? Find(int number) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, Prefix(number) + "*").FirstOrDefault() : null;

    private static string Prefix(int number) => number.ToString("D5", CultureInfo.InvariantCulture) + "-";
}
