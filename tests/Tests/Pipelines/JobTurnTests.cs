using CsCheck;
using Squero.Pipelines;

namespace Squero.Tests.Pipelines;

public sealed class JobTurnTests
{
    [Fact]
    public void The_first_stage_starts_and_the_second_waits() =>
        Check("build 0 created\ntest 1 created", "build pending");

    [Fact]
    public void The_next_stage_starts_when_the_one_before_is_done() =>
        Check("build 0 success\nlint 0 failed?\ntest 1 created", "test pending");

    [Fact]
    public void A_running_job_holds_the_next_stage() => Check("build 0 success\nlint 0 running\ntest 1 created");

    [Fact]
    public void A_failure_skips_what_follows_but_starts_what_waits_for_failure() =>
        Check(
            "build 0 failed\ntest 1 created\nreport 1 created on_failure\nclean 2 created always",
            "report pending", "test skipped");

    [Fact]
    public void Skips_run_through_to_the_end() =>
        Check("build 0 failed\ntest 1 created\ndeploy 2 created\nclean 3 created always", "test skipped", "deploy skipped", "clean pending");

    [Fact]
    public void A_canceled_stage_skips_even_what_always_runs() =>
        Check("build 0 canceled\nclean 1 created always", "clean skipped");

    [Fact]
    public void A_job_with_needs_does_not_wait_for_its_stage() =>
        Check("build 0 success\nslow 0 running\ntest 1 created needs=build\nnow 2 created needs=", "test pending", "now pending");

    [Fact]
    public void A_job_whose_need_was_skipped_is_skipped_but_one_in_stage_order_is_not() =>
        Check("build 0 skipped\nneedy 1 created needs=build\nplain 1 created", "needy skipped", "plain pending");

    [Fact]
    public void Jobs_may_need_jobs_of_their_own_stage() =>
        Check("fit 0 success\neval 0 created needs=fit", "eval pending");

    [Fact]
    public void A_manual_job_that_may_fail_lets_the_pipeline_go_on() =>
        Check("ask 0 created? manual\ntest 1 created", "ask manual", "test pending");

    [Fact]
    public void A_blocking_manual_job_holds_it() => Check("ask 0 created manual\ntest 1 created", "ask manual");

    [Fact]
    public void A_delayed_job_is_scheduled() => Check("later 0 created delayed", "later scheduled");

    [Fact]
    public void A_job_with_a_resource_waits_for_it() => Check("deploy 0 created resource", "deploy waiting_for_resource");

    [Fact]
    public void Playing_a_job_brings_back_what_was_skipped_after_it()
    {
        var jobs = Jobs("ask 0 manual?\nneedy 1 skipped needs=ask\nafter 2 skipped needs=needy\nother 1 skipped needs=\nplain 1 skipped\nbefore 0 skipped");
        var revived = JobTurn.Revived(jobs, "ask").Select(id => jobs.Single(job => job.Id == id).Name);
        Assert.Equal(["after", "needy", "plain"], revived.Order());
    }

    [Fact]
    public void Whatever_the_jobs_the_turn_ends_and_a_second_look_changes_nothing()
    {
        var job = Gen.Select(Gen.Int[0, 3], Gen.Enum<JobStatus>(), Gen.Bool, Gen.Enum<JobWhen>(), Gen.Int[0, 12].List[0, 3], Gen.Bool);
        job.Array[0, 12].Sample(rows =>
        {
            var jobs = rows.Select((row, at) => new TurnJob(
                at, $"j{at}", row.Item1, row.Item2, row.Item3, row.Item4, row.Item6 ? null : [.. row.Item5.Where(need => need < at).Select(need => $"j{need}")])).ToList();
            var changes = JobTurn.Due(jobs).ToDictionary(change => change.Id, change => change.To);
            var after = jobs.Select(one => changes.TryGetValue(one.Id, out var to) ? one with { Status = to } : one).ToList();
            return changes.Keys.All(id => jobs[(int)id].Status == JobStatus.Created) && JobTurn.Due(after).Count == 0;
        });
    }

    // A row: name, stage, state (? may fail), then on_failure|always|manual|delayed, resource, needs=a,b.
    private static void Check(string jobs, params string[] expected)
    {
        var rows = Jobs(jobs);
        var changes = JobTurn.Due(rows).Select(change => $"{rows.Single(row => row.Id == change.Id).Name} {change.To.ToWord()}");
        Assert.Equal(expected.Order(), changes.Order());
    }

    private static List<TurnJob> Jobs(string rows) => [.. rows.Split('\n').Select((row, at) => Job(row.Split(' '), at))];

    private static TurnJob Job(string[] words, int id) => new(
        id, words[0], int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), JobStatusWords.Parse(words[2].TrimEnd('?'))!.Value, words[2].EndsWith('?'),
        words.Skip(3).Where(word => WhenWords.All.Contains(word)).Select(WhenWords.Parse).DefaultIfEmpty(JobWhen.OnSuccess).First(),
        words.FirstOrDefault(word => word.StartsWith("needs=", StringComparison.Ordinal)) is { } needs
            ? needs[6..].Split(',', StringSplitOptions.RemoveEmptyEntries)
            : null,
        words.Contains("resource"));
}
