using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Squero.Repositories;

namespace Squero.Tests.Repositories;

/// <summary>Alone: it measures what the whole process allocates.</summary>
[CollectionDefinition("Large pushes", DisableParallelization = true)]
public sealed class LargePushes;

[Collection("Large pushes")]
public sealed class LargePushTests : IAsyncLifetime
{
    private readonly GitHost host = new() { PushBytes = 100L * 1024 * 1024 };

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_push_and_a_clone_of_30_MB_stream_through()
    {
        var project = await host.ProjectAsync("large");
        var work = await host.WorkTreeAsync();
        var noise = new byte[30 * 1024 * 1024];
        new Random(3).NextBytes(noise);
        await File.WriteAllBytesAsync(Path.Combine(work, "noise.bin"), noise, TestContext.Current.CancellationToken);
        await host.RunAsync(work, "add", "-A");
        await host.RunAsync(work, "commit", "-q", "-m", "Noise");
        noise = null!;
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");
        var copy = host.NewFolder();
        await host.RunAsync(copy, "clone", "-q", "--bare", host.Remote(project.FullPath), ".");

        // Had the 60 MB passed through buffers of their own, they would show here.
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.True(allocated < 30L * 1024 * 1024, $"{allocated / 1024} KB were allocated for moving 60 MB");
        Assert.Equal(await host.RunAsync(work, "rev-parse", "main"), await host.RunAsync(copy, "rev-parse", "main"));
    }

    [Fact]
    public async Task A_large_file_is_downloaded_and_not_drawn()
    {
        var project = await host.ProjectAsync("large-file");
        var work = await host.WorkTreeAsync();
        var noise = new byte[GitBlob.Limit + 5];
        new Random(4).NextBytes(noise);
        await File.WriteAllBytesAsync(Path.Combine(work, "weights.txt"), noise, TestContext.Current.CancellationToken);
        await host.RunAsync(work, "add", "-A");
        await host.RunAsync(work, "commit", "-q", "-m", "Weights");
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");
        using var client = host.Client();
        Assert.Contains("Download it", await client.GetStringAsync(project.Area("blob/main/weights.txt"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var raw = await client.GetAsync(project.Area("raw/main/weights.txt"), TestContext.Current.CancellationToken);
        Assert.Equal("attachment", raw.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(noise, await raw.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_of_a_push_leaves_nothing()
    {
        var project = await host.ProjectAsync("gone");
        var work = await host.WorkTreeAsync();
        var noise = new byte[20 * 1024 * 1024];
        new Random(5).NextBytes(noise);
        await File.WriteAllBytesAsync(Path.Combine(work, "noise.bin"), noise, TestContext.Current.CancellationToken);
        await host.RunAsync(work, "add", "-A");
        await host.RunAsync(work, "commit", "-q", "-m", "Noise");
        Assert.True(await host.Open(project).IsEmptyAsync(TestContext.Current.CancellationToken));
        await host.CutPushAsync(project, await host.RunAsync(work, "rev-parse", "main"));

        var objects = Path.Combine(host.Services.GetRequiredService<GitRepositories>().PathOf(project.Id), "objects");
        var patience = Stopwatch.StartNew();
        while (Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories).Any() && patience.Elapsed < TimeSpan.FromSeconds(60))
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Empty(Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories));
        Assert.Empty(await host.Open(project).BranchesAsync(TestContext.Current.CancellationToken));
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");
    }
}
