using Squero.MergeRequests;

namespace Squero.Tests.MergeRequests;

/// <summary>What collides is worked out once for two heads, and anew for others.</summary>
public sealed class ConflictCacheTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    private static readonly (string, string)[] Base = [("load", "rows = load()"), ("fit", "epochs = 50\nfit(rows)")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_is_answered_from_what_was_worked_out_until_a_branch_moves()
    {
        var bench = await world.ProjectAsync(("a.ipynb", ConflictWorld.Run(1, Base)), ("notes.txt", "one\n"));
        var request = await bench.OpenAsync("cached", ("a.ipynb", ConflictWorld.Run(2, Base[0], ("fit", "epochs = 200\nfit(rows)"))), ("notes.txt", "two\n"));
        await bench.PushMainAsync(("a.ipynb", ConflictWorld.Run(3, Base[0], ("fit", "epochs = 120\nfit(rows)"))), ("notes.txt", "three\n"));
        var load = world.Get<LoadConflicts>();

        var first = await load.LoadAsync(bench.Project, request, Cancel);
        Assert.Equal(2, first!.Conflicts.Count);
        Assert.Same(first, await load.LoadAsync(bench.Project, request, Cancel));

        await bench.PushMainAsync(("a.ipynb", ConflictWorld.Run(3, Base[0], ("fit", "epochs = 130\nfit(rows)"))));
        var second = await load.LoadAsync(bench.Project, request, Cancel);
        Assert.NotSame(first, second);
        Assert.Equal("epochs = 130", second!.Conflicts[0].Conflict!.Hunk!.Ours[0]);
    }
}
