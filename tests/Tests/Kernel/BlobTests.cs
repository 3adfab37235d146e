using System.Security.Cryptography;
using System.Text;
using Squero.Kernel;

namespace Squero.Tests.Kernel;

public sealed class BlobTests : IDisposable
{
    private readonly DataFolder data = new(Path.Combine(Path.GetTempPath(), "squero-blobs-" + Path.GetRandomFileName()));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(data.Root, recursive: true);

    [Fact]
    public async Task A_blob_is_named_by_the_hash_of_its_bytes()
    {
        var blob = await PutAsync("abc");
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", blob.Hash);
        Assert.Equal(3, blob.Size);
        using var reader = new StreamReader(new BlobStore(data).OpenRead(blob.Hash)!);
        Assert.Equal("abc", await reader.ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task The_same_bytes_are_stored_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PutAsync("the same")));
        Assert.Single(Files());
    }

    [Fact]
    public async Task Over_the_limit_nothing_stays()
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(() => PutAsync(new string('x', 300_000), limit: 200_000));
        Assert.Equal(RefusalKind.TooLarge, refusal.Kind);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Exactly_the_limit_is_taken() => Assert.Equal(200_000, (await PutAsync(new string('x', 200_000), limit: 200_000)).Size);

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => new BlobStore(data).PutAsync(new BreakingStream(), 1_000_000, Cancel));
        Assert.Empty(Files());
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("/etc/passwd/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Only_a_hash_is_a_name(string name) => Assert.Throws<ArgumentException>(() => new BlobStore(data).PathOf(name));

    [Fact]
    public void A_hash_that_nobody_stored_is_null() =>
        Assert.Null(new BlobStore(data).OpenRead(Convert.ToHexStringLower(SHA256.HashData("nothing"u8))));

    [Fact]
    public void The_folder_is_private()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are of Unix.");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data.Folder("blobs")));
    }

    private Task<Blob> PutAsync(string text, long limit = 1_000_000) =>
        new BlobStore(data).PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), limit, Cancel);

    private string[] Files() => Directory.GetFiles(data.Root, "*", SearchOption.AllDirectories);

    private sealed class BreakingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position++ < 3 ? ValueTask.FromResult(buffer.Length) : throw new IOException("The line is cut.");
    }
}
