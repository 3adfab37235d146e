using Microsoft.Extensions.DependencyInjection;
using Squero.Discussions;
using Squero.Kernel;

namespace Squero.Tests.Discussions;

public sealed class ThreadStoreTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_thread_keeps_its_anchor_and_context_as_they_were_given()
    {
        var started = await StartAsync(new NewThread(1, "thing:1", 7, " Hello\r\nthere ") { Anchor = "anywhere", Context = "{\"a\":1}" });
        var found = (await Get<ThreadStore>().FindAsync("thing:1", started.Uid, CancellationToken.None))!;
        Assert.Equal(("anywhere", "{\"a\":1}", "Hello\nthere"), (found.Anchor, found.Context, found.Comments[0].Text));
        Assert.Equal(40, found.Uid.Length);
        Assert.Null(await Get<ThreadStore>().FindAsync("thing:2", started.Uid, CancellationToken.None));
    }

    [Fact]
    public async Task Resolving_counts_once_and_can_be_undone()
    {
        var thread = await StartAsync(new NewThread(1, "thing:3", 7, "?"));
        Assert.Equal(1, (await Get<ThreadStore>().OpenCountsAsync(["thing:3"], CancellationToken.None))["thing:3"]);
        await Get<ResolveThread>().SetAsync(thread, true, 8, CancellationToken.None);
        await Get<ResolveThread>().SetAsync(thread, true, 9, CancellationToken.None);
        var resolved = (await Get<ThreadStore>().FindAsync("thing:3", thread.Id, CancellationToken.None))!;
        Assert.Equal((true, 8L), (resolved.IsResolved, resolved.ResolvedBy));
        Assert.Empty(await Get<ThreadStore>().OpenCountsAsync(["thing:3"], CancellationToken.None));
        await Get<ResolveThread>().SetAsync(resolved, false, 9, CancellationToken.None);
        Assert.True((await Get<ThreadStore>().FindAsync("thing:3", thread.Id, CancellationToken.None))!.IsOpen);
    }

    [Fact]
    public async Task A_remark_becomes_a_thread_when_somebody_answers()
    {
        var remark = await StartAsync(new NewThread(1, "thing:4", 7, "By the way") { IsResolvable = false });
        await Assert.ThrowsAsync<Refusal>(() => Get<ResolveThread>().SetAsync(remark, true, 7, CancellationToken.None));
        await Get<ReplyToThread>().ReplyAsync(remark, 8, "Indeed", CancellationToken.None);
        var thread = (await Get<ThreadStore>().FindAsync("thing:4", remark.Id, CancellationToken.None))!;
        Assert.True(thread.IsOpen);
        Assert.Equal(["By the way", "Indeed"], thread.Comments.Select(comment => comment.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    [InlineData("a\0b")]
    public async Task Texts_that_say_nothing_are_refused(string text) =>
        await Assert.ThrowsAsync<Refusal>(() => StartAsync(new NewThread(1, "thing:5", 7, text)));

    [Fact]
    public async Task The_last_comment_takes_its_thread_with_it()
    {
        var thread = await StartAsync(new NewThread(1, "thing:6", 7, "One"));
        await Get<ReplyToThread>().DeleteAsync(thread.Comments[0], CancellationToken.None);
        Assert.Empty(await Get<ThreadStore>().ListAsync("thing:6", CancellationToken.None));
    }

    private Task<DiscussionThread> StartAsync(NewThread thread) => Get<StartThread>().StartAsync(thread, CancellationToken.None);

    private T Get<T>()
        where T : notnull => server.Services.GetRequiredService<T>();
}
