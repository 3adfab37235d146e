using Squero.Pipelines;

namespace Squero.Tests.Pipelines;

public sealed class CompositeStatusTests
{
    // A state with ? may fail.
    [Theory]
    [InlineData("", null)]
    [InlineData("success success", "success")]
    [InlineData("success failed?", "success")]
    [InlineData("success canceled?", "success")]
    [InlineData("success manual?", "success")]
    [InlineData("success skipped", "success")]
    [InlineData("skipped manual?", "skipped")]
    [InlineData("manual?", "skipped")]
    [InlineData("created created", "created")]
    [InlineData("created failed?", "created")]
    [InlineData("preparing", "preparing")]
    [InlineData("canceled success", "canceled")]
    [InlineData("pending created", "pending")]
    [InlineData("pending success", "running")]
    [InlineData("running created", "running")]
    [InlineData("waiting_for_resource created", "waiting_for_resource")]
    [InlineData("success manual created", "manual")]
    [InlineData("success scheduled created", "scheduled")]
    [InlineData("success preparing", "preparing")]
    [InlineData("success created", "running")]
    [InlineData("canceling success", "canceling")]
    [InlineData("failed success", "failed")]
    [InlineData("failed canceled", "failed")]
    [InlineData("failed running", "running")]
    [InlineData("failed skipped", "failed")]
    public void A_stage_has_the_state_of_its_jobs(string states, string? expected) =>
        Assert.Equal(expected, CompositeStatus.Of(Jobs(states))?.ToWord());

    [Theory]
    [InlineData("success skipped", "skipped")]
    [InlineData("success manual?", "skipped")]
    [InlineData("success manual", "pending")]
    [InlineData("success running", "pending")]
    [InlineData("failed created", "pending")]
    [InlineData("success failed?", "success")]
    [InlineData("success failed", "failed")]
    [InlineData("success canceled", "canceled")]
    public void Needs_are_stricter(string states, string expected) =>
        Assert.Equal(expected, CompositeStatus.Of(Jobs(states), graph: true)?.ToWord());

    [Fact]
    public void A_failure_that_may_happen_is_a_warning()
    {
        Assert.True(CompositeStatus.HasWarnings(Jobs("success failed?")));
        Assert.False(CompositeStatus.HasWarnings(Jobs("success failed manual?")));
    }

    private static IEnumerable<JobState> Jobs(string states) =>
        states.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => new JobState(JobStatusWords.Parse(word.TrimEnd('?'))!.Value, word.EndsWith('?')));
}
